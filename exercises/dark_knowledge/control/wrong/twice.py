"""The order is applied twice here."""


def rearranged(teacher_probs, labels, order):
    N, C = teacher_probs.shape
    wrong = np.arange(C) != labels[:, np.newaxis]
    of_wrong = teacher_probs[wrong].reshape(N, C - 1)
    result = teacher_probs.copy()
    result[wrong] = np.take_along_axis(np.take_along_axis(of_wrong, order, axis=1), order, axis=1).ravel()
    return result
