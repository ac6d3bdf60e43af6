"""The sum of the logarithms is divided by the number of rows. In an array of several axes there are more numbers."""


def size_of(alphas):
    return np.exp(np.sum(np.log(alphas)) / len(alphas))
