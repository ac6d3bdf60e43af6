"""These are the inverse counts, 1/n_c. The factor N/C is missing."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels, minlength=num_classes)
    return np.where(counts > 0, 1 / np.maximum(counts, 1), 0)
