"""The first entry of each column of U is made positive. It is to be the entry of the largest size."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.where(U[0] < 0, -1.0, 1.0)
    return [U * signs * np.sqrt(s), (signs * np.sqrt(s))[:, np.newaxis] * Vt]
