"""All weights became m, and none -m: the signs are gone."""


def one_bit(W, axis):
    m = best_scale(W, axis)
    if axis == 0:
        m = m.reshape(-1, *[1] * (W.ndim - 1))
    return m + np.zeros(W.shape)
