"""Nothing is attacked here: epsilon plays no part."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) > 0)
