"""The break-even is not twice the best lambda: that is so for the features' share, and lambda grows faster."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_features = delta**2 + tau2 / c
    best = sigma2 / (c * of_features) if of_features > 0 else np.inf
    break_even = 2 * best
    return best, break_even
