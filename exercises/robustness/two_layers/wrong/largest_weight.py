"""This divides by the largest weight. All coordinates may change at once, so all sizes add up."""


def critical_radii(w, X, y):
    return y * (X @ w) / np.abs(w).max()
