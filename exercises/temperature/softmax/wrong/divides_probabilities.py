"""T divides the probabilities here, and they sum to 1/T. T divides the logits, before the exponential."""


def softmax_at(logits, temperature):
    largest = logits.max(axis=-1, keepdims=True)
    weights = np.exp(logits - largest)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total / temperature
