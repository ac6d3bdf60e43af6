"""This is the root of the mean squared gap. The mean of the sizes is asked for."""


def ece(confidence, correct, num_bins):
    b = bin_of(confidence, num_bins)
    n = np.bincount(b)
    gaps = np.bincount(b, weights=correct - confidence)[n > 0] / n[n > 0]
    return np.sqrt((n[n > 0] * gaps**2).sum() / len(confidence))
