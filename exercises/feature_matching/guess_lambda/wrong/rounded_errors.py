"""The errors are rounded before they are compared, and two that differ become equal. Compare them as they are."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    candidates = sorted(weights)
    errors = [round(np.mean((X_held @ fit(X, F, y, h, lam) - y_held) ** 2), 3) for lam in candidates]
    return candidates[np.argmin(errors)]
