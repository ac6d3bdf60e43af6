"""0 has a bin of its own. It belongs to the first one, with what lies above it."""


def ece(confidence, correct, num_bins):
    b = np.searchsorted(np.arange(num_bins + 1) / num_bins, confidence)
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
