"""This divides by the mean size of the weights. It is their sum."""


def critical_radii(w, X, y):
    return y * (X @ w) / np.abs(w).mean()
