"""The probabilities move the other way here: number j gets that OF number order[n, j]."""


def rearranged(teacher_probs, labels, order):
    N, C = teacher_probs.shape
    wrong = np.arange(C) != labels[:, np.newaxis]
    of_wrong = teacher_probs[wrong].reshape(N, C - 1)
    result = teacher_probs.copy()
    moved = np.empty(of_wrong.shape)
    np.put_along_axis(moved, order, of_wrong, axis=1)
    result[wrong] = moved.ravel()
    return result
