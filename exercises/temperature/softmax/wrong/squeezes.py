"""An axis of length 1 gets lost here. What comes back must have the shape of the logits, whatever it is."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return np.squeeze(weights / weights.sum(axis=-1, keepdims=True))
