"""The signs are as the SVD gave them. In each column of U the entry of the largest size is to be positive."""


def factors(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    root = np.sqrt(s[:r])
    return [U[:, :r] * root, root[:, np.newaxis] * Vt[:r]]
