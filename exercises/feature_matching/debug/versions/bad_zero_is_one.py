"""A weight of 0 is taken for one that was not given, and becomes 1."""


def weighted_fit(X, F, y, h, lam):
    lam = lam or 1.0
    left = X.T @ X + lam * F.T @ F
    right = X.T @ y + lam * F.T @ h
    return np.linalg.solve(left, right)
