"""Where the gradient is 0."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X + lam * F.T @ F
    right = X.T @ y + lam * F.T @ h
    return np.linalg.solve(left, right)
