"""All inputs are changed in the same way here. Each label has its own worst change."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * ((X - epsilon * np.sign(w)) @ w) > 0)
