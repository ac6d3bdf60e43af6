"""An edge falls into the bin above it. It belongs to the bin below."""


def bin_of(confidence, num_bins):
    edges = np.arange(num_bins + 1) / num_bins
    return np.minimum(np.searchsorted(edges, confidence, side="right") - 1, num_bins - 1)
