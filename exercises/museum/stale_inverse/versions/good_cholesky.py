"""The rows of a Cholesky factor of the inverse are all that is needed."""


def round_in_order(H, w, step):
    upper = np.linalg.cholesky(np.linalg.inv(H)).T
    q = np.empty(len(w))
    for i, row in enumerate(upper):
        q[i] = step * np.round(w[i] / step)
        w = w - (w[i] - q[i]) / row[i] * row
    return q
