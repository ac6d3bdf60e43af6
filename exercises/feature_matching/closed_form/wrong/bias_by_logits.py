"""X'X stands where F'F belongs: what draws the student away is what the features see."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam * np.linalg.solve(S, X.T @ X @ (theta_feature - theta_star))
