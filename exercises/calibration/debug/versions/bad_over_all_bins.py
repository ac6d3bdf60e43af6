"""The gaps are added and divided by the number of bins. Weigh a bin by its share of the rows."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="left")
    return sum(abs(correct[b == k].mean() - confidence[b == k].mean()) for k in np.unique(b)) / num_bins
