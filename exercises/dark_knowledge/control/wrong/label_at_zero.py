"""The label has no probability here. It keeps the one it had."""


def evened(teacher_probs, labels):
    wrong = np.arange(teacher_probs.shape[1]) != labels[:, np.newaxis]
    share = (teacher_probs * wrong).sum(axis=1, keepdims=True) / (teacher_probs.shape[1] - 1)
    return np.where(wrong, share, 0.0)
