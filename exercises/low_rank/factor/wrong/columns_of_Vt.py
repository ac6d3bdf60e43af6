"""svd returns V already transposed: take its first r ROWS. Your columns fit by shape alone."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return (U[:, :r] * s[:r]) @ Vt[:, :r].T
