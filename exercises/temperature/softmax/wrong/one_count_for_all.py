"""The shares are counted over all rows together here. Each row has its own count: axis=-1, keepdims=True."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum()
    hot = is_unmasked / is_unmasked.sum()
    return cold, hot
