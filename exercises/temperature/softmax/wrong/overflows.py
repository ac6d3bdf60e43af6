"""exp overflows for large logits, and inf / inf is NaN. Take the largest logit of each row away first."""


def softmax_at(logits, temperature):
    weights = np.exp(logits / temperature)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / total
