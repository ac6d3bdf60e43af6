"""Both norms are sums over the rows. Yours are means, so lambda counts n/m times as much."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam * len(X) / len(F))
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, root * h])
    return np.linalg.lstsq(rows, targets)[0]
