"""sigma2 times the inverse of S is right only if the features' noise has the variance sigma2 / lambda."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2 * np.eye(len(S))
    return np.linalg.solve(S, middle)
