"""There is no parameter beside the d columns: n - d squares are left, not n - d - 1."""


def noise_estimate(X, y):
    n, d = X.shape
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return residuals @ residuals / (n - d - 1)
