"""The logarithms are to base 10, and the exponential is to base e. Take one base for both."""


def size_of(alphas):
    return np.exp(np.mean(np.log10(alphas)))
