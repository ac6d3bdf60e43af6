"""Differences of both signs cancel here: they have to be squared."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    candidates = sorted(weights)
    errors = [abs(np.sum(X_held @ fit(X, F, y, h, lam) - y_held)) for lam in candidates]
    return candidates[np.argmin(errors)]
