"""Every bin that holds a row counts as much as any other. Weigh a bin by its share of the rows."""


def ece(confidence, correct, num_bins):
    b = bin_of(confidence, num_bins)
    return np.mean([abs(correct[b == k].mean() - confidence[b == k].mean()) for k in np.unique(b)])
