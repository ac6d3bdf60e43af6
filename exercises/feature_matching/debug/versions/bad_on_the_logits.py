"""The weight is on the logits."""


def weighted_fit(X, F, y, h, lam):
    lam = max(lam, 1e-6)
    left = lam * X.T @ X + F.T @ F
    right = lam * X.T @ y + F.T @ h
    return np.linalg.solve(left, right)
