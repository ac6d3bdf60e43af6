"""The teacher speaks at T = 1 here. Both have the same temperature."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, 1.0)
    return (temperature * (q - p)[:, omitted]).mean()
