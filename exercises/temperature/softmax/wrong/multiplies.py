"""T multiplies the logits here; it should divide them."""


def softmax_at(logits, temperature):
    largest = logits.max(axis=-1, keepdims=True)
    u = (logits - largest) * temperature
    weights = np.exp(u)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total
