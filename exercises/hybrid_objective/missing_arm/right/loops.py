"""A sum of logarithms, and the geometric means between neighbours as borders."""


def size_of(alphas):
    return np.exp(sum(np.log(alpha) for alpha in np.ravel(alphas)) / np.size(alphas))


def nearest_constant(alpha, constants):
    ordered = np.sort(constants)
    return ordered[np.searchsorted(np.sqrt(ordered[:-1] * ordered[1:]), alpha)]
