"""The estimate is right; the interval is too wide."""


def gap(student, teacher):
    x = student - teacher
    half_width = 2.093 * x.std(ddof=1)
    return x.mean(), x.mean() - half_width, x.mean() + half_width
