"""The estimate is right; the interval is too wide."""


def gain(rule_third, fixed_third):
    difference = rule_third - fixed_third
    half_width = 2.093 * difference.std(ddof=1)
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
