"""The confidence is multiplied by M and rounded up, and the product can lie beside the edge. Compare with the edges."""


def ece(confidence, correct, num_bins):
    b = np.maximum(np.ceil(confidence * num_bins).astype(int) - 1, 0)
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
