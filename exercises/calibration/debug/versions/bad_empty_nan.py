"""An empty bin is divided by its 0 rows, and the error is NaN. It adds nothing."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="left")
    n = np.bincount(b, minlength=num_bins)
    with np.errstate(invalid="ignore"):
        gaps = np.bincount(b, weights=correct - confidence, minlength=num_bins) / n
    return (n / n.sum() * np.abs(gaps)).sum()
