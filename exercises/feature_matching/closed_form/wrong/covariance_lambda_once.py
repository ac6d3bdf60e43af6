"""Your covariance has the features' noise with lambda. It stands there squared, since it multiplies h."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2 * A + lam * tau2 * K
    return np.linalg.solve(S, np.linalg.solve(S, middle).T)
