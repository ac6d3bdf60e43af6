"""The low end comes first."""


def interval(means, level):
    return np.quantile(means, [(1 + level) / 2, (1 - level) / 2])
