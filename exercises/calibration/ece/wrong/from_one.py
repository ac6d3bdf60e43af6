"""The bins are counted from 1. The first one is 0."""


def bin_of(confidence, num_bins):
    edges = np.arange(num_bins + 1) / num_bins
    return np.maximum(np.searchsorted(edges, confidence, side="left"), 1)
