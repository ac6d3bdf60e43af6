"""What is kept is made smaller here: the nearest matrix keeps its singular values as they are, and drops the others."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    s = s - (s[r] if r < len(s) else 0)
    return (U[:, :r] * s[:r]) @ Vt[:r]
