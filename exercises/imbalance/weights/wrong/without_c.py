"""These are N/n_c. They are to be divided by the number of classes, too."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels, minlength=num_classes)
    return np.where(counts > 0, len(labels) / np.maximum(counts, 1), 0)
