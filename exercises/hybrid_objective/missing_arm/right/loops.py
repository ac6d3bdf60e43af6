"""A sum of logarithms, and a search from the smallest constant on."""


def size_of(alphas):
    logarithms = [float(np.log(alpha)) for alpha in np.ravel(alphas)]
    return float(np.exp(sum(logarithms) / len(logarithms)))


def nearest_constant(alpha, constants):
    best = None
    for constant in np.sort(constants):
        if constant > 0 and (best is None or abs(np.log(constant / alpha)) < abs(np.log(best / alpha)) - 1e-15):
            best = float(constant)
    return best
