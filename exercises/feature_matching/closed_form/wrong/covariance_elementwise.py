"""Matrices are multiplied number by number, with *. Their product is @."""


def covariance(X, F, sigma2, tau2, lam):
    A, K = X.T @ X, F.T @ F
    S_inverse = np.linalg.inv(A + lam * K)
    return S_inverse * (sigma2 * A + lam**2 * tau2 * K) * S_inverse
