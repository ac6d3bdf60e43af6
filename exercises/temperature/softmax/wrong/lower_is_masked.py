"""A finite logit far below 0 counts as masked here, and only minus infinity should. Compare with -np.inf."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -9999
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return cold, hot
