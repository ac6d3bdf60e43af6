"""These are the first r columns of W, and zeros. Directions are kept, not columns."""


def approximation(W, r):
    kept = np.zeros_like(W)
    kept[:, :r] = W[:, :r]
    return kept
