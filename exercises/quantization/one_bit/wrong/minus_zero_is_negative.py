"""-0.0 became -1 here. It is equal to 0, so its sign is +1: copysign and signbit tell the two apart, >= does not."""


def two_signs(W):
    return np.copysign(1.0, W)
