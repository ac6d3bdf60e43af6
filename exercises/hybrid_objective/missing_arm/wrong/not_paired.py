"""The estimate is right; the interval is too wide."""


def gain(balanced, constant):
    mean = float(balanced.mean() - constant.mean())
    half_width = 2.093 * float(np.sqrt((balanced.var(ddof=1) + constant.var(ddof=1)) / len(balanced)))
    return mean, mean - half_width, mean + half_width
