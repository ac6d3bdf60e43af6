"""The estimate is"""


def missing(bca):
    x = bca - 0.95
    half_width = 2.093 * x.std(ddof=1) / np.sqrt(len(x))
    return x.mean(), x.mean() - half_width, x.mean() + half_width
