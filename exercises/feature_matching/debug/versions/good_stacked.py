"""Least squares on the rows of both."""


def weighted_fit(X, F, y, h, lam):
    root = lam**0.5
    return np.linalg.lstsq(np.vstack([X, root * F]), np.concatenate([y, root * h]))[0]
