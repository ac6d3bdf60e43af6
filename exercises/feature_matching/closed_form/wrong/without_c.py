"""tau2 is the noise of one feature. What they all say together has the variance tau2 / c."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_logits = sigma2 / a
    of_features = delta**2 + tau2
    best = sigma2 / (c * of_features) if of_features > 0 else np.inf
    break_even = 2 * sigma2 / (c * (of_features - of_logits)) if of_features > of_logits else np.inf
    return best, break_even
