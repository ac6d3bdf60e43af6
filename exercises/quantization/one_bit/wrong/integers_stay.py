"""Where W holds integers, m is cut off to an integer. The weights you return hold floats."""


def one_bit(W, axis):
    m = best_scale(W, axis)
    if axis == 0:
        m = m.reshape(-1, *[1] * (W.ndim - 1))
    return (m * two_signs(W)).astype(W.dtype).astype(float)
