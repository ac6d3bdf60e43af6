"""The estimate is right; the interval is too wide."""


def own_part(ste_cold, ste_hot, full_cold, full_hot):
    arms = ste_cold, ste_hot, full_cold, full_hot
    mean = ste_cold.mean() - ste_hot.mean() - full_cold.mean() + full_hot.mean()
    half_width = 2.093 * np.sqrt(sum(each.var(ddof=1) for each in arms) / len(ste_hot))
    return mean, mean - half_width, mean + half_width
