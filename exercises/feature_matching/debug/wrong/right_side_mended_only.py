"""The right side is mended, and the left side is still divided by n."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X / len(X) + lam * F.T @ F
    right = X.T @ y + lam * F.T @ h
    return np.linalg.solve(left, right)
