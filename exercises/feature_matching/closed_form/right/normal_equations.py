"""The normal equations, solved or inverted."""


def fit(X, F, y, h, lam):
    return np.linalg.solve(X.T @ X + lam * F.T @ F, X.T @ y + lam * F.T @ h)


def bias(X, F, theta_star, theta_feature, lam):
    A, K = X.T @ X, F.T @ F
    return np.linalg.solve(A + lam * K, A @ theta_star + lam * K @ theta_feature) - theta_star


def covariance(X, F, sigma2, tau2, lam):
    inverse = np.linalg.inv(X.T @ X + lam * F.T @ F)
    return inverse @ (sigma2 * X.T @ X + lam**2 * tau2 * F.T @ F) @ inverse


def excess(mean_miss, covariance_matrix, Sigma):
    return np.sum(Sigma * (np.outer(mean_miss, mean_miss) + covariance_matrix))


def slope_at_zero(X, F, sigma2, Sigma):
    inverse = np.linalg.inv(X.T @ X)
    return -2 * sigma2 * np.einsum("ij,ji->", Sigma @ inverse, F.T @ F @ inverse)


def best_and_break_even(a, c, delta, sigma2, tau2):
    best = np.inf if delta == 0 and tau2 == 0 else sigma2 / (c * delta * delta + tau2)
    worse = (c * c * delta * delta + tau2 * c) * a - sigma2 * c * c
    return best, 2 * a * sigma2 * c / worse if worse > 0 else np.inf


def omitted_bias(X1, X2, theta_2):
    return np.linalg.solve(X1.T @ X1, X1.T @ X2 @ theta_2)
