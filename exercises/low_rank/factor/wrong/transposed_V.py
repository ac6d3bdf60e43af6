"""V comes back as columns, of shape (n, r). Its shape is (r, n), so that U @ V is a matrix (m, n)."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs * np.sqrt(s), ((signs * np.sqrt(s))[:, np.newaxis] * Vt).T]
