"""All pushes from one triangular factor of the inverse."""


def output_error(w, q, H):
    root = np.linalg.cholesky(H)
    return np.sum(((w - q) @ root) ** 2)


def round_in_order(w, H):
    upper = np.linalg.cholesky(np.linalg.inv(H)).T
    stands, q = w.copy(), np.zeros(len(w))
    for i in range(len(w)):
        q[i] = np.round(stands[i])
        stands[i:] = stands[i:] - (stands[i] - q[i]) / upper[i, i] * upper[i, i:]
    return q
