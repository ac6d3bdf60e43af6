"""The targets h are weighted by lambda, and their rows by its root. Both need the root."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam)
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, lam * h])
    return np.linalg.lstsq(rows, targets)[0]
