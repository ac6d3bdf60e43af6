"""The bin whose number is nearest is taken. A bin reaches from one edge to the next."""


def bin_of(confidence, num_bins):
    return np.minimum(np.round(confidence * num_bins).astype(int), num_bins - 1)
