"""The raw logits are compared here. Add 3 to all of the student's: the limit must stay, and this does not."""


def hot_limit(student_logits, teacher_logits):
    return ((student_logits - teacher_logits) ** 2).mean(axis=-1) / 2
