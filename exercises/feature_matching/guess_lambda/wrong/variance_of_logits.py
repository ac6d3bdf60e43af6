"""This is the variance of y. The noise is what the fit leaves of it."""


def noise_estimate(X, y):
    return np.var(y, ddof=1)
