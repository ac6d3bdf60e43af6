"""The label is missing: this counts the inputs that stay on the side of +1."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(X @ w > epsilon * np.abs(w).sum())
