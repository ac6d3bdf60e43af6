"""The label has moved to the first place here. It stays where it is."""


def rearranged(teacher_probs, labels, order):
    N, C = teacher_probs.shape
    wrong = np.arange(C) != labels[:, np.newaxis]
    of_wrong = teacher_probs[wrong].reshape(N, C - 1)
    return np.column_stack([teacher_probs[~wrong], np.take_along_axis(of_wrong, order, axis=1)])
