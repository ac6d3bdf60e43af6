"""The estimate is"""


def gap(student, teacher):
    x = student / teacher - 1
    half_width = 2.093 * x.std(ddof=1) / np.sqrt(len(x))
    return x.mean(), x.mean() - half_width, x.mean() + half_width
