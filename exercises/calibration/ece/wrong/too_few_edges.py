"""There are M edges here, which make M - 1 bins. M bins have M + 1 edges."""


def bin_of(confidence, num_bins):
    edges = np.linspace(0, 1, num_bins)
    return np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)
