"""Nothing moves here."""


def rearranged(teacher_probs, labels, order):
    return teacher_probs.copy()
