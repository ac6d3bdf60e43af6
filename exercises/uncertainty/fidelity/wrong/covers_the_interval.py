"""Covers: the teacher's mean is to lie inside, not its whole interval."""


def verdicts(student, teacher, indices, level):
    low_s, high_s = interval(bootstrap_means(student, indices), level)
    low_t, high_t = interval(bootstrap_means(teacher, indices), level)
    low, high = paired_interval(student, teacher, indices, level)
    covers = low_s <= low_t and high_t <= high_s
    overlaps = low_s <= high_t and low_t <= high_s
    return np.array([covers, overlaps, low > 0 or high < 0])
