"""Each singular value is in both factors, so the product has its square. Give each side the square root."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs * s, (signs * s)[:, np.newaxis] * Vt]
