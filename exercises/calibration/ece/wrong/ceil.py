"""The confidence is multiplied by M and rounded up, and the product can lie beside the edge. Compare with the edges."""


def bin_of(confidence, num_bins):
    return np.maximum(np.ceil(confidence * num_bins).astype(int) - 1, 0)
