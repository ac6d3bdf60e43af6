"""A column of U was turned round, and its row of V was not. Then the product has another sign."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    U, s, Vt = U[:, :r], s[:r], Vt[:r]
    signs = np.sign(U[np.abs(U).argmax(axis=0), np.arange(r)])
    return [U * signs * np.sqrt(s), np.sqrt(s)[:, np.newaxis] * Vt]
