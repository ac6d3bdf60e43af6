"""Both sides are cut: this takes all of it from above."""


def interval(means, level):
    return np.quantile(means, [0, level])
