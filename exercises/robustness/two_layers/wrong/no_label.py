"""The label is missing: a score below 0 is right if the label is -1."""


def critical_radii(w, X, y):
    return (X @ w) / np.abs(w).sum()
