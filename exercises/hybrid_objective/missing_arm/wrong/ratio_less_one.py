"""This is |c/alpha - 1|. On it half as much is nearer than twice as much; on a logarithmic scale both are as near."""


def nearest_constant(alpha, constants):
    ordered = np.sort(constants)
    return ordered[np.argmin(np.abs(ordered / alpha - 1))]
