"""These are the least and the largest mean, whatever the level."""


def interval(means, level):
    return np.array([np.min(means), np.max(means)])
