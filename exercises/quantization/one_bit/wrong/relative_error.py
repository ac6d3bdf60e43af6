"""The error is divided by the mean square of W. It is to be the mean squared error itself."""


def squared_error(W, axis):
    return np.mean((W - one_bit(W, axis)) ** 2) / max(np.mean(np.square(W * 1.0)), 1e-300)
