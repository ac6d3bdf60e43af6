"""What the features see, F'F, is missing: features that see nothing change nothing."""


def slope_at_zero(X, F, sigma2, Sigma):
    per_noise = np.linalg.inv(X.T @ X)
    return -2 * sigma2 * np.trace(Sigma @ per_noise)
