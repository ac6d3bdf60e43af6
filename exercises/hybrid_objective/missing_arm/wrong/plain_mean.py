"""This is the plain mean. Take the mean of the logarithms, and then the exponential."""


def size_of(alphas):
    return float(np.mean(alphas))
