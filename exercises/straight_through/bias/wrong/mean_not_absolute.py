"""The scale is the mean of W here. It is the mean of the absolute values."""


def one_bit(W):
    return W.mean() * np.where(W >= 0, 1.0, -1.0)
