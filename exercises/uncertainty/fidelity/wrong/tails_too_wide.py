"""Half of what is outside goes on each side: this cuts off all of it twice."""


def interval(means, level):
    return np.quantile(means, [1 - level, level])
