"""The estimate is right; the interval is too narrow."""


def gain(balanced, constant):
    difference = balanced - constant
    half_width = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
