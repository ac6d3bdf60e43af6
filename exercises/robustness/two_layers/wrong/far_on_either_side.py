"""A wrong answer far from the line counts as robust here. The margin has a sign."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(np.abs(X @ w) > epsilon * np.abs(w).sum())
