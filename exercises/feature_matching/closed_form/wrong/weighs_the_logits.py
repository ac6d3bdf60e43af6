"""lambda weighs the features' sum. Here it weighs that of the logits."""


def fit(X, F, y, h, lam):
    root = np.sqrt(lam)
    rows = np.vstack([root * X, F])
    targets = np.concatenate([root * y, h])
    return np.linalg.lstsq(rows, targets)[0]
