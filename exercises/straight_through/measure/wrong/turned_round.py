"""The estimate is"""


def gain(ste_cold, ste_hot):
    difference = ste_hot - ste_cold
    half_width = 2.093 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
