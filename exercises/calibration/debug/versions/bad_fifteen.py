"""The number of bins is 15 whatever is asked for."""


def ece(confidence, correct, num_bins):
    b = np.searchsorted(np.arange(1, 15) / 15, confidence, side="left")
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
