"""Your curve is a little off"""


def softness():
    return [1.61 * i / 7 for i in range(8)]
