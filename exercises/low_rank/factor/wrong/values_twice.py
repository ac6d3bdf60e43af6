"""The singular values go in twice here. Once is enough."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return (U[:, :r] * s[:r]) @ (s[:r, np.newaxis] * Vt[:r])
