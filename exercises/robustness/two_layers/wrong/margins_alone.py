"""These are the margins. Divide them by the sum of sizes."""


def critical_radii(w, X, y):
    return y * (X @ w)
