"""S^-1 stands on both sides: the estimate is S^-1 times something, and its covariance has that twice."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2 * A + lam**2 * tau2 * K
    return np.linalg.solve(S, middle)
