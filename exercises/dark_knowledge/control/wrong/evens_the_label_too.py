"""The label is evened out as well here. Its probability stays: that is what makes it a control."""


def evened(teacher_probs, labels):
    return np.full(teacher_probs.shape, 1 / teacher_probs.shape[1])
