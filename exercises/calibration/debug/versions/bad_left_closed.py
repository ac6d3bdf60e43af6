"""An edge falls into the bin above it. It belongs to the bin below."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="right")
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
