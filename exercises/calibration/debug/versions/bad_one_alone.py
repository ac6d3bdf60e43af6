"""A confidence of 1 has a bin of its own, and an edge falls into the bin above. An edge belongs to the bin below."""


def ece(confidence, correct, num_bins):
    b = np.searchsorted(np.arange(num_bins + 1) / num_bins, confidence, side="right") - 1
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
