"""This attack moves a point by a length. Each coordinate may change by epsilon, so it takes the sum of sizes."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) > epsilon * np.linalg.norm(w))
