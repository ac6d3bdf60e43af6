"""A row that was drawn twice counts twice."""


def bootstrap_means(losses, indices):
    return np.array([np.mean(losses[np.unique(row)]) for row in indices])
