"""In units of the largest weight."""


def best_scale(W, axis):
    unit = np.abs(W).max() or 1.0
    sizes = np.abs(W / unit)
    if axis is None:
        return unit * sizes.sum() / W.size
    return unit * np.array([row.sum() / row.size for row in sizes])


def one_bit(W, axis):
    m = best_scale(W, axis)
    m = m if axis is None else np.broadcast_to(m.reshape(len(W), *(1,) * (W.ndim - 1)), W.shape)
    return np.where(W < 0, -m, m)
