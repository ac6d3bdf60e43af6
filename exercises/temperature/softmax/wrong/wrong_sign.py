"""The sign is wrong: the class with the largest logit loses probability as T rises, so its derivative is negative."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    mean_logit = (p * logits).sum(axis=-1, keepdims=True)
    return p * (logits - mean_logit) / temperature**2
