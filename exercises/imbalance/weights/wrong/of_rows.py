"""These are the weights of the samples. Return one weight for each class."""


def class_weights(labels, num_classes):
    counts = np.bincount(labels, minlength=num_classes)
    return (len(labels) / (num_classes * np.maximum(counts, 1)))[labels]
