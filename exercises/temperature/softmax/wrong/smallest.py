"""As T falls, the smallest logit takes all here. The largest one should."""


def softmax_limits(logits):
    is_largest = logits == logits.min(axis=-1, keepdims=True, where=logits > -np.inf, initial=np.inf)
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum(axis=-1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return cold, hot
