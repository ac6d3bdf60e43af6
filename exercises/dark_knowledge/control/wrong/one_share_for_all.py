"""All rows get the same share here, that of the mean row. Each teacher's answer has its own softness."""


def evened(teacher_probs, labels):
    wrong = np.arange(teacher_probs.shape[1]) != labels[:, np.newaxis]
    share = (teacher_probs * wrong).sum(axis=1).mean() / (teacher_probs.shape[1] - 1)
    return np.where(wrong, share, teacher_probs)
