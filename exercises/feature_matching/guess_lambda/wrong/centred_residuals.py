"""The residuals have no mean taken away: X has no column of ones, so their mean need not be 0."""


def noise_estimate(X, y):
    n, d = X.shape
    residuals = y - X @ np.linalg.lstsq(X, y)[0]
    return np.sum((residuals - residuals.mean()) ** 2) / (n - d)
