"""The mean logit is a plain mean here. It must be weighted with the probabilities: the sum of p * z."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    mean_logit = logits.mean(axis=-1, keepdims=True)
    return p * (mean_logit - logits) / temperature**2
