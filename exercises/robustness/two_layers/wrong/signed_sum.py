"""The weights are added with their signs. Take sizes first."""


def critical_radii(w, X, y):
    return y * (X @ w) / w.sum()
