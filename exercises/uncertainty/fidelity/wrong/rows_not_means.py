"""These are quantiles of the differences of single rows. Take the means of resamples first."""


def paired_interval(student, teacher, indices, level):
    return interval(np.subtract(student, teacher), level)
