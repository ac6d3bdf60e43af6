"""The estimate is"""


def gain(rule_third, fixed_third):
    difference = fixed_third - rule_third
    half_width = 2.093 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
