"""Rows weigh by the ROOT of lambda: the norm squares them, so your weight is lambda squared."""


def fit(X, F, y, h, lam):
    root = lam
    rows = np.vstack([X, root * F])
    targets = np.concatenate([y, root * h])
    return np.linalg.lstsq(rows, targets)[0]
