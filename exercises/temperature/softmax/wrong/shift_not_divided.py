"""T divides the logits, but not the largest one, which is taken away. Take it away first, then divide."""


def softmax_at(logits, temperature):
    weights = np.exp(logits / temperature - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)
