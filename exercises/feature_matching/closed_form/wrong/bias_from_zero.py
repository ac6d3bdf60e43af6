"""This is what the features add to the student. The bias is how far that leads from theta_star."""


def bias(X, F, theta_star, theta_feature, lam):
    K = F.T @ F
    S = X.T @ X + lam * K
    return lam * np.linalg.solve(S, K @ theta_feature)
