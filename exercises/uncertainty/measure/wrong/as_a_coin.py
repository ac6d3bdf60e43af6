"""The estimate is right; the interval is too wide."""


def missing(bca):
    share = bca.mean()
    half_width = 2.093 * np.sqrt(share * (1 - share) / len(bca))
    return 0.95 - share, 0.95 - share - half_width, 0.95 - share + half_width
