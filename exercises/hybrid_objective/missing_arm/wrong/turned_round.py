"""The estimate is not the expected one: are its sign"""


def gain(balanced, constant):
    difference = constant - balanced
    half_width = float(2.093 * difference.std(ddof=1) / np.sqrt(len(difference)))
    return float(difference.mean()), float(difference.mean() - half_width), float(difference.mean() + half_width)
