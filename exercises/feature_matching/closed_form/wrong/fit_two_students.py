"""Two students, one of each source, are averaged. One student weighs all rows: a source that sees more counts more."""


def fit(X, F, y, h, lam):
    by_logits, by_features = np.linalg.lstsq(X, y)[0], np.linalg.lstsq(F, h)[0]
    return (by_logits + lam * by_features) / (1 + lam)
