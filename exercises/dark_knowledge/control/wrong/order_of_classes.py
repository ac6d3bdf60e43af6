"""The order is read as one of the first C - 1 classes, the label among them. Count the wrong classes alone."""


def rearranged(teacher_probs, labels, order):
    moved = teacher_probs.copy()
    moved[:, :-1] = np.take_along_axis(teacher_probs, order, axis=1)
    return moved
