"""A constant of 0 is taken where the weight is small. On a logarithmic scale it is infinitely far away."""


def nearest_constant(alpha, constants):
    ordered = np.sort(constants)
    return float(ordered[np.argmin(np.abs(np.log((ordered + 1e-4) / alpha)))])
