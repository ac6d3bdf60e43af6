"""The wrong classes are sorted before they are moved. Count them in the order of their indices."""


def rearranged(teacher_probs, labels, order):
    N, C = teacher_probs.shape
    wrong = np.arange(C) != labels[:, np.newaxis]
    of_wrong = -np.sort(-teacher_probs[wrong].reshape(N, C - 1), axis=1)
    result = teacher_probs.copy()
    result[wrong] = np.take_along_axis(of_wrong, order, axis=1).ravel()
    return result
