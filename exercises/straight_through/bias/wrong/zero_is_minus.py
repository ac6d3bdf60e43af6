"""The sign of 0 is -1 here. It is +1."""


def one_bit(W):
    return np.abs(W).mean() * np.where(W > 0, 1.0, -1.0)
