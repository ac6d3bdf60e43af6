"""This is the largest constant that is not above alpha. The next one above it may be nearer."""


def nearest_constant(alpha, constants):
    above_zero = np.sort(constants[constants > 0])
    return float(above_zero[max(np.searchsorted(above_zero, alpha, side="right") - 1, 0)])
