"""The first norm is a mean here and the second a sum. So lambda counts n times as much; both are sums."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam * len(X))
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, root * h])
    return np.linalg.lstsq(rows, targets)[0]
