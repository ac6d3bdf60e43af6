"""The middle of the bin stands in the place of the mean confidence of its rows."""


def ece(confidence, correct, num_bins):
    b = bin_of(confidence, num_bins)
    gaps = np.bincount(b, weights=correct - (b + 0.5) / num_bins)
    return np.abs(gaps).sum() / len(confidence)
