"""The largest logit stands where the mean logit should. It is the sum of p z."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    mean_logit = logits.max(axis=-1, keepdims=True)
    return p * (mean_logit - logits) / temperature**2
