"""Each of the largest gets 1 here. The probability is shared: divide by how many they are."""


def softmax_limits(logits):
    is_largest = logits == logits.max(axis=-1, keepdims=True)
    is_unmasked = logits > -np.inf
    cold = is_largest * 1.0
    hot = is_unmasked / is_unmasked.sum(axis=-1, keepdims=True)
    return cold, hot
