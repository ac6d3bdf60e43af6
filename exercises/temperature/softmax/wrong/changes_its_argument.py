"""The values are right, but the argument logits was changed: -= and /= write into it. Make a new array."""


def softmax_at(logits, temperature):
    logits -= logits.max(axis=-1, keepdims=True)
    logits /= temperature
    weights = np.exp(logits)
    return weights / weights.sum(axis=-1, keepdims=True)
