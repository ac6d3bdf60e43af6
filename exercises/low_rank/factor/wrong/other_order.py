"""The list holds V first. U, the layer that acts second, is to come first: U @ V is the matrix."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [(signs * np.sqrt(s))[:, np.newaxis] * Vt, U * signs * np.sqrt(s)]
