"""The estimate is right; the interval is too narrow."""


def gap(student, teacher):
    x = student - teacher
    half_width = 1.96 * x.std() / np.sqrt(len(x))
    return x.mean(), x.mean() - half_width, x.mean() + half_width
