"""The exponentials are not divided by their sum: each row must sum to 1."""


def softmax_at(logits, temperature):
    return np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
