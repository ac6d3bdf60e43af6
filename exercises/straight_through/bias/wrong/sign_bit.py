"""The sign of -0.0 is -1 here. It is 0, so its sign is +1."""


def one_bit(W):
    return np.abs(W).mean() * np.where(np.signbit(W), -1.0, 1.0)
