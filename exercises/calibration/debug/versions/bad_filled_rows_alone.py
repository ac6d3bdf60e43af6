"""An empty bin is taken to be right in none, at its middle. It adds nothing."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="left")
    n = np.bincount(b, minlength=num_bins)
    gaps = np.abs(np.bincount(b, weights=correct - confidence, minlength=num_bins))
    return (gaps.sum() + (n == 0).sum() / num_bins) / len(confidence)
