"""The most probable class stays in its place here, and the label does not. They differ where the teacher errs."""


def rearranged(teacher_probs, labels, order):
    N, C = teacher_probs.shape
    wrong = np.arange(C) != teacher_probs.argmax(axis=1)[:, np.newaxis]
    of_wrong = teacher_probs[wrong].reshape(N, C - 1)
    result = teacher_probs.copy()
    result[wrong] = np.take_along_axis(of_wrong, order, axis=1).ravel()
    return result
