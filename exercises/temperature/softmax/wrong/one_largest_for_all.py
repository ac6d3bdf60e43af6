"""One largest logit is taken away from all rows, and a row far below it becomes 0 / 0. Each row has its own largest."""


def softmax_at(logits, temperature):
    largest = logits.max()
    u = (logits - largest) / temperature
    weights = np.exp(u)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total
