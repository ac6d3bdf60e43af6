"""Quantiles are asked for, not the mean and two standard deviations."""


def interval(means, level):
    return np.mean(means) + np.array([-1.96, 1.96]) * np.std(means)
