"""Everything is divided by n + m here but the weight's term: both terms are sums."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X / (len(X) + len(F)) + lam * F.T @ F
    right = X.T @ y / (len(X) + len(F)) + lam * F.T @ h
    return np.linalg.solve(left, right)
