"""The bias is proportional to lambda where lambda is small. Yours is to its square."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam**2 * np.linalg.solve(S, K @ (theta_feature - theta_star))
