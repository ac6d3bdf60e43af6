"""Your curve is a little off"""


def softness():
    return [0.0, 0.0, 0.0, 0.5, 1.6, 1.61, 1.61, 1.61]
