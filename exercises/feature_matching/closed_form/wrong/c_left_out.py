"""sigma2 over the features' error still has to be divided by c: lambda weighs a sum of squares, and c is in it."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_logits = sigma2 / a
    of_features = delta**2 + tau2 / c
    best = sigma2 / of_features if of_features > 0 else np.inf
    break_even = 2 * sigma2 / (of_features - of_logits) if of_features > of_logits else np.inf
    return best, break_even
