"""By elimination: the rows of the later columns, one after the other."""


def output_error(w, q, H):
    total = 0.0
    for i in range(len(w)):
        for j in range(len(w)):
            total += (w[i] - q[i]) * H[i, j] * (w[j] - q[j])
    return total


def push(w, H, i, miss):
    M, right = H[i + 1 :, i + 1 :].copy(), miss * H[i + 1 :, i]
    for k in range(len(M)):
        for row in range(k + 1, len(M)):
            factor = M[row, k] / M[k, k]
            M[row] = M[row] - factor * M[k]
            right[row] = right[row] - factor * right[k]
    moves = np.zeros(len(M))
    for k in reversed(range(len(M))):
        moves[k] = (right[k] - M[k, k + 1 :] @ moves[k + 1 :]) / M[k, k]
    return np.concatenate([w[: i + 1], w[i + 1 :] + moves])


def round_in_order(w, H):
    if len(w) == 0:
        return w.copy()
    first = np.round(w[0])
    rest = push(w, H, 0, w[0] - first)[1:]
    return np.concatenate([[first], round_in_order(rest, H[1:, 1:])])
