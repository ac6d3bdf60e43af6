"""This is the mean of the row numbers: look up their losses."""


def bootstrap_means(losses, indices):
    return indices.mean(axis=1)
