"""The weight is squared: rows were multiplied by lambda, not by its root."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X + lam**2 * F.T @ F
    right = X.T @ y + lam**2 * F.T @ h
    return np.linalg.solve(left, right)
