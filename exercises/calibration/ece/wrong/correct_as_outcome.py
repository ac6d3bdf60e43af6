"""What is said of the class is compared with whether the answer is right. Compare it with whether the label is it."""


def classwise(probs, labels, num_bins):
    return np.array([ece(probs[:, c], probs.argmax(axis=1) == labels, num_bins) for c in range(probs.shape[1])])
