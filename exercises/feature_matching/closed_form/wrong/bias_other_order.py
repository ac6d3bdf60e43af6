"""The product is in the other order, K S^-1. S^-1 comes last: it is what makes parameters of sums over rows."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam * K @ np.linalg.solve(S, theta_feature - theta_star)
