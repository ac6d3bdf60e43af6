"""The root of the weight is taken, in a sum of squares."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X + lam**0.5 * F.T @ F
    right = X.T @ y + lam**0.5 * F.T @ h
    return np.linalg.solve(left, right)
