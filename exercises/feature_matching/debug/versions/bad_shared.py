"""The logits get the weight 1 - lambda."""


def weighted_fit(X, F, y, h, lam):
    left = abs(1 - lam) * X.T @ X + lam * F.T @ F
    right = abs(1 - lam) * X.T @ y + lam * F.T @ h
    return np.linalg.solve(left, right)
