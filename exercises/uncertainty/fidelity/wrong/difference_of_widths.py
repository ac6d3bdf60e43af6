"""This is the difference of the widths, not their ratio."""


def width_ratio(student, teacher, indices, level):
    s, t = (interval(bootstrap_means(x, indices), level) for x in (student, teacher))
    return (s[1] - s[0]) - (t[1] - t[0])
