"""The margin is compared with epsilon. The attack takes epsilon times the sum of sizes."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) > epsilon)
