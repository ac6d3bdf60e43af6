"""These are quantiles of the differences of single rows, and not of means."""


def difference_interval(student, teacher, seed, num_resamples, level):
    return np.quantile(student - teacher, [(1 - level) / 2, (1 + level) / 2])
