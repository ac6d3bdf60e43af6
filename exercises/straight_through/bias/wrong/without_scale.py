"""The scale is missing: these are plus and minus 1."""


def one_bit(W):
    return np.where(W >= 0, 1.0, -1.0)
