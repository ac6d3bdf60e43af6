"""Weights that are 0 stay 0 here. With one bit they become m."""


def one_bit(W, axis):
    m = best_scale(W, axis)
    if axis == 0:
        m = m.reshape(-1, *[1] * (W.ndim - 1))
    return np.where(W == 0, 0.0, m * two_signs(W))
