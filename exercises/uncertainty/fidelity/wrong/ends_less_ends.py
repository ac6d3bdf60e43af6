"""An interval of differences is no difference of intervals: subtract before you take quantiles."""


def paired_interval(student, teacher, indices, level):
    return interval(bootstrap_means(student, indices), level) - interval(bootstrap_means(teacher, indices), level)
