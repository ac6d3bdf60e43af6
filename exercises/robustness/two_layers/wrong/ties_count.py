"""A tie counts as right here. The margin has to be above what the attack takes."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) >= epsilon * np.abs(w).sum())
