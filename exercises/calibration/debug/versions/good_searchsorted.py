"""Every row is told its bin, then all are added up at once."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence)
    gaps = np.bincount(b, weights=correct) - np.bincount(b, weights=confidence)
    return np.abs(gaps).sum() / confidence.size
