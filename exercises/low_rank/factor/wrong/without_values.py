"""The singular values are missing: each term is s_i times a column times a row."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return U[:, :r] @ Vt[:r]
