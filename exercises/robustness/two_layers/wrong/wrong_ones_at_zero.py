"""A wrong answer has a radius below 0, not 0."""


def critical_radii(w, X, y):
    return np.maximum(y * (X @ w) / np.abs(w).sum(), 0)
