"""The probabilities sum to 1 over the first axis, the rows; they should over the classes, the last axis."""


def softmax_at(logits, temperature):
    largest = logits.max(axis=0, keepdims=True)
    u = (logits - largest) / temperature
    weights = np.exp(u)
    total = weights.sum(axis=0, keepdims=True)
    return weights / total
