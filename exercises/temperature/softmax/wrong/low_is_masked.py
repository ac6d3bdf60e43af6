"""A finite logit far below 0 counts as masked here. Only minus infinity marks a masked class."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -1000
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return cold, hot
