"""The estimate is"""


def own_part(fixed, rule, shorter):
    difference = shorter - fixed
    half_width = 2.093 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
