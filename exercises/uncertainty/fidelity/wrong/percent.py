"""These are fractions where percent are expected: `np.percentile` counts to 100."""


def interval(means, level):
    return np.percentile(means, [(1 - level) / 2, (1 + level) / 2])
