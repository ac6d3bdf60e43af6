"""The temperature is not used: the answer is the same at every T. Divide the logits by T first."""


def softmax_at(logits, temperature):
    largest = logits.max(axis=-1, keepdims=True)
    u = logits - largest
    weights = np.exp(u)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total
