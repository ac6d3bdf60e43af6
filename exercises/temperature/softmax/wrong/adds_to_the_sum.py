"""A small number is added to the sum, and so a row does not sum to 1. The largest weight is 1: no sum can be 0."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return weights / (weights.sum(axis=-1, keepdims=True) + 1e-6)
