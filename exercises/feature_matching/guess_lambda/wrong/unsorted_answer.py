"""The errors belong to the sorted candidates, and the answer is read from the unsorted ones."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    errors = [np.sum((X_held @ fit(X, F, y, h, lam) - y_held) ** 2) for lam in sorted(weights)]
    return weights[np.argmin(errors)]
