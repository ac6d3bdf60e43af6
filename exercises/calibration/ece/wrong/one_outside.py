"""An edge falls into the bin above it, and 1 into a bin that does not exist. An edge belongs to the bin below."""


def bin_of(confidence, num_bins):
    edges = np.arange(num_bins + 1) / num_bins
    return np.searchsorted(edges, confidence, side="right") - 1
