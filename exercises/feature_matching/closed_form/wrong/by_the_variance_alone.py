"""The misalignment is forgotten: the features are off by delta, however little noise they have."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_logits = sigma2 / a
    of_features = tau2 / c
    best = sigma2 / (c * of_features) if of_features > 0 else np.inf
    break_even = 2 * sigma2 / (c * (of_features - of_logits)) if of_features > of_logits else np.inf
    return best, break_even
