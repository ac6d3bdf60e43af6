"""S^-1 K is a matrix, which turns the way to theta_feature. Here every parameter is drawn by itself."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam * np.diag(K) / np.diag(S) * (theta_feature - theta_star)
