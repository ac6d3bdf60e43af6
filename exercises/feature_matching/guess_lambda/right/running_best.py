"""The best so far."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    best, least = None, np.inf
    for lam in sorted(weights):
        error = np.mean(np.square(y_held - np.dot(X_held, fit(X, F, y, h, lam))))
        if error < least:
            best, least = lam, error
    return best
