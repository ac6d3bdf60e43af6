"""Your curve falls, and the right one rises: it goes the wrong way all along."""


def softness():
    return [1.61, 1.6, 1.55, 1.25, 0.7, 0.45, 0.05, 0.0]
