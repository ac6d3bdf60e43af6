"""Both terms are means: lambda counts n/m times as much."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X / len(X) + lam * F.T @ F / len(F)
    right = X.T @ y / len(X) + lam * F.T @ h / len(F)
    return np.linalg.solve(left, right)
