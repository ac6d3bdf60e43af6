"""Every row is a bin of its own here. First take the means of a bin, then the size of their difference."""


def ece(confidence, correct, num_bins):
    return np.abs(correct - confidence).mean()
