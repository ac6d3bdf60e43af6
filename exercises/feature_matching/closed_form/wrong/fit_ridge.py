"""lam times the identity stands where lam times F^T F belongs. The features weigh what F sees, and no more."""


def fit(X, F, y, h, lam):
    left = X.T @ X + lam * np.eye(X.shape[1])
    return np.linalg.solve(left, X.T @ y + lam * F.T @ h)
