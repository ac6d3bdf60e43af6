"""The sign is turned round: the student is drawn towards theta_feature, so the bias points from theta_star to it."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam * np.linalg.solve(S, K @ (theta_star - theta_feature))
