"""The radius of a wrong answer is negative. Here it has lost its sign."""


def critical_radii(w, X, y):
    return np.abs(X @ w) / np.abs(w).sum()
