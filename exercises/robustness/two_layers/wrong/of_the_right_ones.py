"""This is the share of those that are right without an attack. Divide by the number of all inputs."""


def robust_accuracy(w, X, y, epsilon):
    margins = y * (X @ w)
    return np.sum(margins > epsilon * np.abs(w).sum()) / max(np.sum(margins > 0), 1)
