"""This is the mean of the logarithms still. The exponential brings it back."""


def size_of(alphas):
    return float(np.mean(np.log(alphas)))
