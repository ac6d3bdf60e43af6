"""This is the basic interval: the percentile interval turned over. Return the quantiles themselves."""


def interval(means, level):
    return 2 * np.mean(means) - np.quantile(means, [(1 + level) / 2, (1 - level) / 2])
