"""The features' targets h are left out here: the student is drawn towards 0, which is ridge regression."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam)
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, 0 * h])
    return np.linalg.lstsq(rows, targets)[0]
