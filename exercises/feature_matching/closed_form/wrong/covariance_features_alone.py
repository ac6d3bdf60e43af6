"""The noise of the logits is forgotten."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    middle = lam**2 * tau2 * K
    return np.linalg.solve(S, np.linalg.solve(S, middle).T)
