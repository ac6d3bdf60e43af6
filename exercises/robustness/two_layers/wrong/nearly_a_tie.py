"""A small constant stands where a comparison is meant: margins that are tiny count as ties."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) - epsilon * np.abs(w).sum() > 1e-9)
