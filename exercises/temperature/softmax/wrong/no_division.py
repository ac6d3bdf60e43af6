"""Nothing is divided by T squared here."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    mean_logit = (p * logits).sum(axis=-1, keepdims=True)
    return p * (mean_logit - logits)
