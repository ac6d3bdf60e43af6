"""The whole way from theta_star to theta_feature: that is the bias only if the features alone count."""


def bias(X, F, theta_star, theta_feature, lam):
    return np.where(lam > 0, 1.0, 0.0) * (theta_feature - theta_star)
