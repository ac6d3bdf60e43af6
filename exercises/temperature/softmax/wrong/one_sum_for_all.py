"""One sum for all rows divides here: all together sum to 1. Each row has its own: axis=-1, keepdims=True."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum()
