"""The estimate is right; the interval is too wide."""


def gain(ste_cold, ste_hot):
    mean = ste_cold.mean() - ste_hot.mean()
    half_width = 2.093 * np.sqrt((ste_cold.var(ddof=1) + ste_hot.var(ddof=1)) / len(ste_hot))
    return mean, mean - half_width, mean + half_width
