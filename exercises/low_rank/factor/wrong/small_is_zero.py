"""A threshold for what counts as 0 is fixed here. Weights may be tiny, all of them."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    s = np.where(s > 1e-12, s, 0)
    return (U[:, :r] * s[:r]) @ Vt[:r]
