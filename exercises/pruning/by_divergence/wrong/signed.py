"""The weights come back with their sign here. -1.4 is not small: its magnitude is 1.4."""


def magnitude(W):
    return W + 0.0
