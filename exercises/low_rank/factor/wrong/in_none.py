"""The singular values are missing from both factors. Give each side the square root."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs, signs[:, np.newaxis] * Vt]
