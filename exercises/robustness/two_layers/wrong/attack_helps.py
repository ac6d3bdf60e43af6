"""The attack is added to the margin. It takes away."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) + epsilon * np.abs(w).sum() > 0)
