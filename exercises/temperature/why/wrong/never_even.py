"""Your curve lies clearly too low."""


def softness():
    return [0.0, 0.04, 0.4, 0.69, 0.69, 0.69, 0.69, 0.69]
