"""This has r - 1 terms."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return (U[:, : r - 1] * s[: r - 1]) @ Vt[: r - 1]
