"""lambda is missing in S = X'X + lambda F'F."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + K
    return lam * np.linalg.solve(S, K @ (theta_feature - theta_star))
