"""The product of many small numbers is no number of a computer. Add logarithms instead."""


def size_of(alphas):
    return float(np.prod(alphas) ** (1 / np.size(alphas)))
