"""Overlaps: either of the two may lie lower. This looks at one order alone."""


def verdicts(student, teacher, indices, level):
    low_s, high_s = interval(bootstrap_means(student, indices), level)
    low_t, high_t = interval(bootstrap_means(teacher, indices), level)
    low, high = paired_interval(student, teacher, indices, level)
    covers = low_s <= np.mean(teacher) <= high_s
    overlaps = low_s <= high_t
    return np.array([covers, overlaps, low > 0 or high < 0])
