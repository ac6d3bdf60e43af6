"""A probability at T = 1 can be too small for a computer, though it is not at T. Divide the logits by T first."""


def softmax_at(logits, temperature):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = (weights / weights.sum(axis=-1, keepdims=True)) ** (1 / temperature)
    return p / p.sum(axis=-1, keepdims=True)
