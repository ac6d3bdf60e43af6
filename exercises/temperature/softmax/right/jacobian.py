"""The derivative as a product with the matrix of the softmax's own derivatives."""


def softmax_at(logits, temperature):
    u = np.divide(logits, temperature)
    u = u - np.amax(u, axis=-1)[..., None]
    return np.exp(u) / np.einsum("...i->...", np.exp(u))[..., None]


def softmax_limits(logits):
    rank = np.sort(logits, axis=-1)
    largest = np.float64(logits == rank[..., -1:])
    unmasked = np.isfinite(logits).astype(float)
    return largest / np.sum(largest, -1, keepdims=True), unmasked / np.sum(unmasked, -1, keepdims=True)


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    centred = logits - logits.max(axis=-1, keepdims=True)
    jacobian = np.einsum("...i,ij->...ij", p, np.eye(p.shape[-1])) - np.einsum("...i,...j->...ij", p, p)
    return np.einsum("...ij,...j->...i", jacobian, -centred / temperature**2)
