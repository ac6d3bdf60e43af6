"""Only the variances are here. The covariances beside the diagonal belong to it."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2 * A + lam**2 * tau2 * K
    return np.diag(np.diag(np.linalg.solve(S, np.linalg.solve(S, middle).T)))
