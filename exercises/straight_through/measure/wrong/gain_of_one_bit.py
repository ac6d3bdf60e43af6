"""The estimate is"""


def own_part(ste_cold, ste_hot, full_cold, full_hot):
    difference = ste_cold - ste_hot
    half_width = 2.093 * difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean(), difference.mean() - half_width, difference.mean() + half_width
