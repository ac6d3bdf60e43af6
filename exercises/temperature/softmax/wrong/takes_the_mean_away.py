"""The mean of the row is taken away; what is far above it still overflows. Take the largest logit away."""


def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.mean(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
