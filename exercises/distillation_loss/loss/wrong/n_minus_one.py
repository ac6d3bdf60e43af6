"""The squares are divided by C - 1, as for the variance of a sample. It is their mean over all C classes."""


def hot_limit(student_logits, teacher_logits):
    difference = student_logits - teacher_logits
    return difference.var(axis=1, ddof=1) / 2
