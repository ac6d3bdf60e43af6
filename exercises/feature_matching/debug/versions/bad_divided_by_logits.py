"""The weight is divided by the number of logits."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X + lam / len(X) * F.T @ F
    right = X.T @ y + lam / len(X) * F.T @ h
    return np.linalg.solve(left, right)
