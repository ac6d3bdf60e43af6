"""The sum of the squared residuals still has to be divided by the number that are free: n - d."""


def noise_estimate(X, y):
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return residuals @ residuals
