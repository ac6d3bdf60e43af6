"""The two limits are in the other order: first T -> 0, then T -> infinity."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return hot, cold
