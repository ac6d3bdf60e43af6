"""These are the last r terms of the sum, the weakest. The strongest stand first."""


def approximation(W, r):
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return (U[:, -r:] * s[-r:]) @ Vt[-r:]
