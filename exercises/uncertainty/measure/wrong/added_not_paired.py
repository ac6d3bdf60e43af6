"""The estimate is right; the interval is too wide."""


def added(percentile, bca):
    mean = bca.mean() - percentile.mean()
    half_width = 2.093 * np.sqrt((bca.var(ddof=1) + percentile.var(ddof=1)) / len(bca))
    return mean, mean - half_width, mean + half_width
