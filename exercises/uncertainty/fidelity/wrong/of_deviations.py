"""Widths of intervals are asked for: these are standard deviations."""


def width_ratio(student, teacher, indices, level):
    return np.std(bootstrap_means(student, indices)) / np.std(bootstrap_means(teacher, indices))
