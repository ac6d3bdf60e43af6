"""sigma2 and tau2 are variances already: no root, and no square, is needed."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = np.sqrt(sigma2) * A + lam**2 * np.sqrt(tau2) * K
    return np.linalg.solve(S, np.linalg.solve(S, middle).T)
