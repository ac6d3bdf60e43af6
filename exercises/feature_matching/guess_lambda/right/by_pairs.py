"""The least pair of error and weight."""


def chosen_weight(X, F, y, h, X_held, y_held, weights):
    def error(lam):
        miss = y_held - X_held @ fit(X, F, y, h, lam)
        return miss @ miss

    return min(weights, key=lambda lam: (error(lam), lam))
