"""The largest probability of a row is compared with each class. Compare the class's own probability."""


def classwise(probs, labels, num_bins):
    return np.array([ece(probs.max(axis=1), labels == c, num_bins) for c in range(probs.shape[1])])
