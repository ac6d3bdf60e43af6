"""There are M edges, which make M - 1 bins. M bins have M + 1 edges."""


def ece(confidence, correct, num_bins):
    edges = np.linspace(0, 1, num_bins)[1:-1]
    b = np.searchsorted(edges, confidence, side="left")
    return np.abs(np.bincount(b, weights=correct - confidence)).sum() / len(confidence)
