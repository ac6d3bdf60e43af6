"""This is the error on the rows that were learned from: it is always least at the smallest weight."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    candidates = sorted(weights)
    errors = [np.sum((X @ fit(X, F, y, h, lam) - y) ** 2) for lam in candidates]
    return candidates[np.argmin(errors)]
