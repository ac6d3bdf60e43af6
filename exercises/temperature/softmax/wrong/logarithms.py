"""These are the logarithms of the probabilities. Take the exponential at the end."""


def softmax_at(logits, temperature):
    u = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    return u - np.log(np.exp(u).sum(axis=-1, keepdims=True))
