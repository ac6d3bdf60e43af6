"""Two large numbers are subtracted here, and their digits are lost. Centre first, and square then."""


def hot_limit(student_logits, teacher_logits):
    difference = student_logits - teacher_logits
    return ((difference**2).mean(axis=1) - difference.mean(axis=1) ** 2) / 2
