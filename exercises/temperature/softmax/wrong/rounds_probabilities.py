"""The probabilities are rounded here. Return them as they are."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return np.round(weights / weights.sum(axis=-1, keepdims=True), 6)
