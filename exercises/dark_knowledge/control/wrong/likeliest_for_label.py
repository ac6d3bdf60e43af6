"""The most probable class is taken for the label here. They differ where the teacher errs."""


def evened(teacher_probs, labels):
    wrong = np.arange(teacher_probs.shape[1]) != teacher_probs.argmax(axis=1)[:, np.newaxis]
    share = (teacher_probs * wrong).sum(axis=1, keepdims=True) / (teacher_probs.shape[1] - 1)
    return np.where(wrong, share, teacher_probs)
