"""The weights are added with their signs. An attack goes against each sign, so take sizes first."""


def robust_accuracy(w, X, y, epsilon):
    return np.mean(y * (X @ w) > epsilon * w.sum())
