"""The largest size is taken away, without its sign; far below 0 all becomes 0. Take the largest logit away."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - np.abs(logits).max(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
