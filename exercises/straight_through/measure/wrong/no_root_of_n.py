"""The estimate is right; the interval is too wide."""


def gain(ste_cold, ste_hot):
    difference = ste_cold - ste_hot
    half_width = 2.093 * difference.std(ddof=1)
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
