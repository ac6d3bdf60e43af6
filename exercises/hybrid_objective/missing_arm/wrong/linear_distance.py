"""This is nearest in differences. On a logarithmic scale 0.05 is nearer to 0.1 than to 0.01."""


def nearest_constant(alpha, constants):
    above_zero = np.sort(constants[constants > 0])
    return float(above_zero[np.argmin(np.abs(above_zero - alpha))])
