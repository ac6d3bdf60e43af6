"""By way of the shares: the radius is a weighted mean of what the coordinates say, and everything else follows."""


def effective(W1, w2):
    return np.einsum("h,hd->d", w2, W1)


def critical_radii(w, X, y):
    shares = np.abs(w) / np.abs(w).sum()
    says = y[:, np.newaxis] * np.sign(w) * X
    return says @ shares


def robust_accuracy(w, X, y, epsilon):
    return np.count_nonzero(critical_radii(w, X, y) > epsilon) / len(y)


def compare_layers(W1, w2, X, y, epsilons):
    rows = []
    for layers in ((W1, w2), (one_bit(W1), w2), (W1, one_bit(w2))):
        radii = critical_radii(effective(*layers), X, y)
        rows.append((radii[:, np.newaxis] > np.asarray(epsilons)).mean(axis=0))
    return np.stack(rows)


def signs_last(W1, w2):
    signs = 1.0 - 2.0 * (w2 < 0)
    return [(W1.T * (w2 * signs)).T, signs]
