"""The estimate is"""


def added(percentile, bca):
    x = percentile - bca
    half_width = 2.093 * x.std(ddof=1) / np.sqrt(len(x))
    return x.mean(), x.mean() - half_width, x.mean() + half_width
