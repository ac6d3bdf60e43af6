"""This is the mean of the test itself, as often as there are resamples."""


def bootstrap_means(losses, indices):
    return np.full(len(indices), np.mean(losses))
