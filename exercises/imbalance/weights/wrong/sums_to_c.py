"""These weights were scaled to sum C. The formula does not: the samples of each class together weigh N/C."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels, minlength=num_classes)
    w = np.where(counts > 0, 1 / np.maximum(counts, 1), 0)
    return w * num_classes / w.sum()
