"""This is the ratio of the two errors. The share of the features follows from it, and lambda has a / c in front."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_logits = sigma2 / a
    of_features = delta**2 + tau2 / c
    best = of_logits / of_features if of_features > 0 else np.inf
    break_even = 2 * of_logits / (of_features - of_logits) if of_features > of_logits else np.inf
    return best, break_even
