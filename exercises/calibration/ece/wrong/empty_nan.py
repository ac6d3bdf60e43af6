"""An empty bin is divided by its 0 rows, and the sum is NaN. It adds nothing."""


def ece(confidence, correct, num_bins):
    b = bin_of(confidence, num_bins)
    n = np.bincount(b, minlength=num_bins)
    with np.errstate(invalid="ignore"):
        gaps = np.bincount(b, weights=correct - confidence, minlength=num_bins) / n
    return (n / n.sum() * np.abs(gaps)).sum()
