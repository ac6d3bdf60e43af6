"""The noise of the features is forgotten: they have a variance too."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = sigma2 * A
    return np.linalg.solve(S, np.linalg.solve(S, middle).T)
