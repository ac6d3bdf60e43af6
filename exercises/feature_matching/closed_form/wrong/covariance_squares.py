"""sigma2 and tau2 are variances already: they are not squared again."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2**2 * A + lam**2 * tau2**2 * K
    return np.linalg.solve(S, np.linalg.solve(S, middle).T)
