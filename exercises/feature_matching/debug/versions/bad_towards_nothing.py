"""What the features say is left out: the student is drawn towards 0."""


def weighted_fit(X, F, y, h, lam):
    left = X.T @ X + lam * F.T @ F
    right = X.T @ y
    return np.linalg.solve(left, right)
