"""The formulas written out."""


def gap(student, teacher):
    x = student - teacher
    mean = sum(x) / len(x)
    squares = sum((each - mean) ** 2 for each in x)
    half_width = 2.093 * (squares / (len(x) - 1) / len(x)) ** 0.5
    return mean, mean - half_width, mean + half_width


def missing(bca):
    x = 0.95 - bca
    mean = sum(x) / len(x)
    squares = sum((each - mean) ** 2 for each in x)
    half_width = 2.093 * (squares / (len(x) - 1) / len(x)) ** 0.5
    return mean, mean - half_width, mean + half_width


def added(percentile, bca):
    x = bca - percentile
    mean = sum(x) / len(x)
    squares = sum((each - mean) ** 2 for each in x)
    half_width = 2.093 * (squares / (len(x) - 1) / len(x)) ** 0.5
    return mean, mean - half_width, mean + half_width
