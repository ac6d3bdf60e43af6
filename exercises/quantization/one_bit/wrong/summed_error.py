"""The squares are added up. The error is their mean, over all numbers of W."""


def squared_error(W, axis):
    return np.sum((W - one_bit(W, axis)) ** 2) * 1.0
