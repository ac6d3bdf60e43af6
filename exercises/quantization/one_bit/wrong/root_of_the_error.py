"""This is the root of the mean squared error."""


def squared_error(W, axis):
    return np.sqrt(np.mean((W - one_bit(W, axis)) ** 2))
