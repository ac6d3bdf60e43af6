"""The second norm is a mean here and the first a sum. So lambda counts m times too little; both are sums."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam / len(F))
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, root * h])
    return np.linalg.lstsq(rows, targets)[0]
