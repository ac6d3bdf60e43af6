"""What is said of the class is compared with whether it is answered. Compare it with the label."""


def classwise(probs, labels, num_bins):
    return np.array([ece(probs[:, c], probs.argmax(axis=1) == c, num_bins) for c in range(probs.shape[1])])
