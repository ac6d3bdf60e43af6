"""Your curve is clearly off, most of all on the right, where it is too high."""


def softness():
    return [0.0, 0.06, 0.63, 1.03, 1.83, 2.27, 2.32, 2.32]
