"""Between two means interpolate linearly."""


def interval(means, level):
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2], method="nearest")
