"""Every count is one too large here. A guard against dividing by 0 must not change the counts of classes that occur."""


def class_weights(labels, num_classes):
    return len(labels) / (num_classes * (np.bincount(labels, minlength=num_classes) + 1))
