"""The axes of a mean, and those of an outer product."""


def two_signs(W):
    return 1.0 - 2.0 * (W < 0)


def best_scale(W, axis):
    return np.abs(W).mean(axis=None if axis is None else tuple(range(1, W.ndim)))


def one_bit(W, axis):
    signs = two_signs(W)
    if axis is None:
        return best_scale(W, None) * signs
    return (signs.T * best_scale(W, 0)).T


def squared_error(W, axis):
    misses = np.abs(W) - np.abs(one_bit(W, axis))
    return np.vdot(misses, misses) / W.size


def student_vector(W1, w2, layer):
    W1, w2 = (one_bit(W1, None), w2) if layer == 1 else (W1, one_bit(w2, None))
    return np.einsum("hd,h->d", W1, w2)
