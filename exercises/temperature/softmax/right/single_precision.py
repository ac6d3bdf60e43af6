"""float32 throughout."""


def softmax_at(logits, temperature):
    z = np.asarray(logits, dtype=np.float32)
    weights = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)


def softmax_limits(logits):
    is_largest = (logits == logits.max(axis=-1, keepdims=True)).astype(np.float32)
    is_unmasked = np.isfinite(logits).astype(np.float32)
    return (
        is_largest / is_largest.sum(axis=-1, keepdims=True),
        is_unmasked / is_unmasked.sum(axis=-1, keepdims=True),
    )


def softmax_slope(logits, temperature):
    z = np.asarray(logits, dtype=np.float32)
    z = z - z.max(axis=-1, keepdims=True)
    p = softmax_at(z, temperature)
    return p * ((p * z).sum(axis=-1, keepdims=True) - z) / np.float32(temperature) ** 2
