"""One inverse of X'X is missing: it stands on both sides of F'F."""


def slope_at_zero(X, F, sigma2, Sigma):
    A, K = X.T @ X, F.T @ F
    per_noise = np.linalg.solve(A, K)
    return -2 * sigma2 * np.trace(Sigma @ per_noise)
