"""0 falls into bin -1. The first bin holds it."""


def bin_of(confidence, num_bins):
    edges = np.arange(num_bins + 1) / num_bins
    return np.searchsorted(edges, confidence, side="left") - 1
