"""One mean of all rows together is subtracted here. Each row is centred by its own."""


def hot_limit(student_logits, teacher_logits):
    difference = student_logits - teacher_logits
    return ((difference - difference.mean()) ** 2).mean(axis=-1) / 2
