"""A score of 0 counts as right here. It is an error, with epsilon = 0 too."""


def robust_accuracy(w, X, y, epsilon):
    margins = y * (X @ w)
    return np.mean((margins > epsilon * np.abs(w).sum()) | ((margins == 0) & (epsilon == 0)))
