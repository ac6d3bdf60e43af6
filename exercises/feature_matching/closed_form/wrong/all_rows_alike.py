"""All rows count the same here: lambda is not used."""


def fit(X, F, y, h, lam):
    root = 1.0
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, h])
    return np.linalg.lstsq(rows, targets)[0]
