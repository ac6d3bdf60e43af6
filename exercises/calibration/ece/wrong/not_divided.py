"""The gaps are weighed by the rows of their bins, and not divided by the number of all rows."""


def ece(confidence, correct, num_bins):
    return np.abs(np.bincount(bin_of(confidence, num_bins), weights=correct - confidence)).sum()
