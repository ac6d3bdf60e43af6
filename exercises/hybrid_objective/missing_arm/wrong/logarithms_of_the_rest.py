"""These are logarithms of 1 - alpha, the weight of the labels. Take those of the features' weight."""


def nearest_constant(alpha, constants):
    above_zero = np.sort(constants[constants > 0])
    return float(above_zero[np.argmin(np.abs(np.log(np.maximum(1 - above_zero, 1e-9) / max(1 - alpha, 1e-9))))])
