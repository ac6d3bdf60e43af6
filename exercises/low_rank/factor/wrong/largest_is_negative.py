"""In each column of U the entry of the largest size is negative. It is to be positive."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = -np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs * np.sqrt(s), (signs * np.sqrt(s))[:, np.newaxis] * Vt]
