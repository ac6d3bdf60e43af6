"""Probabilities at T = 1, raised to the power 1/T, do not sum to 1. T divides the logits, before the exponential."""


def softmax_at(logits, temperature):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)) ** (1 / temperature)
