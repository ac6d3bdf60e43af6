"""Weights that are 0 are left out of the mean. They become m, and miss by m."""


def squared_error(W, axis):
    missed = (W - one_bit(W, axis))[W != 0]
    return np.mean(missed**2) if missed.size else 0.0
