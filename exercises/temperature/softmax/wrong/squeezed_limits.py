"""An axis of length 1 gets lost in the limits. They must have the shape of the logits."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return np.squeeze(cold), np.squeeze(hot)
