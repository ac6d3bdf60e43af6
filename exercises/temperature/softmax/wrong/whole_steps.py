"""// cuts off what is behind the point. Divide with /."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) // temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
