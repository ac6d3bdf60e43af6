"""The derivative of S^-1 comes in twice, once for each side: a factor of 2 is missing."""


def slope_at_zero(X, F, sigma2, Sigma):
    A, K = X.T @ X, F.T @ F
    per_noise = np.linalg.solve(A, np.linalg.solve(A, K).T)
    return -sigma2 * np.trace(Sigma @ per_noise)
