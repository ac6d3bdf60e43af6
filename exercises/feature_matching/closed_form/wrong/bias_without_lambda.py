"""lambda is missing in front: without features, at lambda = 0, there is no bias."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return np.linalg.solve(S, K @ (theta_feature - theta_star))
