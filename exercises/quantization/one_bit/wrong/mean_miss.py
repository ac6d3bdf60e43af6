"""This is the mean size of the misses. Square them first."""


def squared_error(W, axis):
    return np.mean(np.abs(W - one_bit(W, axis)))
