"""The confidence is multiplied by M and rounded down: an edge falls into the bin above. It belongs to the bin below."""


def bin_of(confidence, num_bins):
    return np.minimum((confidence * num_bins).astype(int), num_bins - 1)
