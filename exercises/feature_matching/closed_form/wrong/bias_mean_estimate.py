"""This is the mean of the student's parameters. The bias is that mean less theta_star."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return theta_star + lam * np.linalg.solve(S, K @ (theta_feature - theta_star))
