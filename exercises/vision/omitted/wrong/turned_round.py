"""The sign is turned round: q less p, not p less q."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    return (temperature * (p - q)[:, omitted]).mean()
