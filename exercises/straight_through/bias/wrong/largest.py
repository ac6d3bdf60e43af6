"""The scale is the largest absolute value here. It is their mean."""


def one_bit(W):
    return np.abs(W).max() * np.where(W >= 0, 1.0, -1.0)
