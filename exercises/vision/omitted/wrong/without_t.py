"""The factor T is missing here."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    return (q - p)[:, omitted].mean()
