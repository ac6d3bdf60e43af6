"""This is the middle one of the weights, not their geometric mean."""


def size_of(alphas):
    return float(np.median(alphas))
