"""The estimate is one matrix times the data."""


def fit(X, F, y, h, lam):
    Q, R = np.linalg.qr(np.concatenate([X, np.sqrt(lam) * F]))
    return np.linalg.solve(R, Q.T @ np.concatenate([y, np.sqrt(lam) * h]))


def bias(X, F, theta_star, theta_feature, lam):
    return fit(X, F, X @ theta_star, F @ theta_feature, lam) - theta_star


def covariance(X, F, sigma2, tau2, lam):
    of_logits = [fit(X, F, row, np.zeros(len(F)), lam) for row in np.eye(len(X))]
    of_features = [fit(X, F, np.zeros(len(X)), row, lam) for row in np.eye(len(F))]
    return sigma2 * np.transpose(of_logits) @ of_logits + tau2 * np.transpose(of_features) @ of_features


def excess(mean_miss, covariance_matrix, Sigma):
    values, vectors = np.linalg.eigh(Sigma)
    along = vectors.T @ mean_miss
    spread = np.diagonal(vectors.T @ covariance_matrix @ vectors)
    return np.dot(values, along**2 + spread)


def slope_at_zero(X, F, sigma2, Sigma):
    Q, R = np.linalg.qr(X)
    seen = np.linalg.solve(R.T @ R, F.T)
    return -2 * sigma2 * sum(column @ Sigma @ column for column in seen.T)


def best_and_break_even(a, c, delta, sigma2, tau2):
    p, q = sigma2 / a, delta**2 + tau2 / c
    best = a / c * p / q if q else np.inf
    return best, a / c * 2 * p / (q - p) if q - p > 0 else np.inf


def omitted_bias(X1, X2, theta_2):
    Q, R = np.linalg.qr(X1)
    return np.linalg.solve(R, Q.T @ (X2 @ theta_2))
