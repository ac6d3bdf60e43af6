"""Logits that nearly agree count as equal here. Only those that are equal share the probability."""


def softmax_limits(logits):
    is_largest = np.isclose(logits, logits.max(axis=-1, keepdims=True))
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return cold, hot
