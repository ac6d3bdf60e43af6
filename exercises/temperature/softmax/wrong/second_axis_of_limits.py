"""The limits go along axis 1 here. The classes lie along the last axis, -1, however many there are."""


def softmax_limits(logits):
    shape = logits.shape
    logits = np.atleast_2d(logits)
    is_largest = logits == logits.max(axis=1, keepdims=True)
    is_unmasked = logits > -np.inf
    cold = is_largest / is_largest.sum(axis=1, keepdims=True)
    hot = is_unmasked / is_unmasked.sum(axis=1, keepdims=True)
    return cold.reshape(shape), hot.reshape(shape)
