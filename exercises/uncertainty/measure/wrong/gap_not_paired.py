"""The estimate is right; the interval is too wide."""


def gap(student, teacher):
    mean = student.mean() - teacher.mean()
    half_width = 2.093 * np.sqrt((student.var(ddof=1) + teacher.var(ddof=1)) / len(student))
    return mean, mean - half_width, mean + half_width
