"""The best lambda is turned round: the noisier the logits, the more the features should count."""


def best_and_break_even(a, c, delta, sigma2, tau2):
    of_logits = sigma2 / a
    of_features = delta**2 + tau2 / c
    best = c * of_features / sigma2
    break_even = 2 * sigma2 / (c * (of_features - of_logits)) if of_features > of_logits else np.inf
    return best, break_even
