"""One after the other, as the sums are written; a radius by way of the worst corner."""


def effective(W1, w2):
    w = np.zeros(W1.shape[1])
    for weight, row in zip(w2, W1, strict=True):
        w = w + weight * row
    return w


def critical_radii(w, X, y):
    norm = sum(abs(weight) for weight in w)
    return np.array([label * np.dot(w, x) / norm for x, label in zip(X, y, strict=True)])


def robust_accuracy(w, X, y, epsilon):
    holds = 0
    for x, label in zip(X, y, strict=True):
        margin = label * np.dot(w, x)
        for weight in w:
            margin = margin - epsilon * abs(weight)
        holds += bool(margin > 0)
    return holds / len(X)


def compare_layers(W1, w2, X, y, epsilons):
    table = np.empty((3, len(epsilons)))
    for j, epsilon in enumerate(epsilons):
        table[0, j] = robust_accuracy(effective(W1, w2), X, y, epsilon)
        table[1, j] = robust_accuracy(effective(one_bit(W1), w2), X, y, epsilon)
        table[2, j] = robust_accuracy(effective(W1, one_bit(w2)), X, y, epsilon)
    return table


def signs_last(W1, w2):
    rows, signs = [], []
    for row, weight in zip(W1, w2, strict=True):
        rows.append(row * abs(weight))
        signs.append(1.0 if weight >= 0 else -1.0)
    return [np.array(rows), np.array(signs)]
