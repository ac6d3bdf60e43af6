"""A small constant is added to the norm. It is not small beside tiny weights."""


def critical_radii(w, X, y):
    return y * (X @ w) / (np.abs(w).sum() + 1e-12)
