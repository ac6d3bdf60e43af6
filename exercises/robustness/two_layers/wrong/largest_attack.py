"""This attack changes one coordinate alone. All may change."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) > epsilon * np.abs(w).max())
