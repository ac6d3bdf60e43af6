"""Only the classes that occur are counted in C here. C is `num_classes`, absent classes too."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels, minlength=num_classes)
    return np.where(counts > 0, len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1)), 0)
