"""The sign is turned round: at a small weight the variance falls."""


def slope_at_zero(X, F, sigma2, Sigma):
    A, K = X.T @ X, F.T @ F
    per_noise = np.linalg.solve(A, np.linalg.solve(A, K).T)
    return 2 * sigma2 * np.trace(Sigma @ per_noise)
