"""Row by row, and number by number."""


def fit(X, F, y, h, lam):
    left, right = np.zeros((X.shape[1], X.shape[1])), np.zeros(X.shape[1])
    for x, target in zip(X, y, strict=True):
        left += np.outer(x, x)
        right += x * target
    for f, target in zip(F, h, strict=True):
        left += lam * np.outer(f, f)
        right += lam * f * target
    return np.linalg.inv(left) @ right


def excess(mean_miss, covariance_matrix, Sigma):
    total = 0.0
    for i in range(len(mean_miss)):
        for j in range(len(mean_miss)):
            total += Sigma[i, j] * (mean_miss[i] * mean_miss[j] + covariance_matrix[i, j])
    return total


def best_and_break_even(a, c, delta, sigma2, tau2):
    alone, features = sigma2 / a, tau2 / c + delta * delta
    if features == 0:
        return np.inf, np.inf
    best = sigma2 / c / features
    if features <= alone:
        return best, np.inf
    return best, 2 / (1 / alone * (features - alone)) * a / c


def omitted_bias(X1, X2, theta_2):
    return np.linalg.pinv(X1) @ np.dot(X2, theta_2)
