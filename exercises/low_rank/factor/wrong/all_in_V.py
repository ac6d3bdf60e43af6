"""The product is right, but the factors are not balanced: all of each singular value is in V."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs, (signs * s)[:, np.newaxis] * Vt]
