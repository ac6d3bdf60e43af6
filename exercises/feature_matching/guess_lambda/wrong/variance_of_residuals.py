"""This is the sample variance of the residuals: their mean is taken away, and 1 in the place of d. n - d are left."""


def noise_estimate(X, y):
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return residuals.var(ddof=1)
