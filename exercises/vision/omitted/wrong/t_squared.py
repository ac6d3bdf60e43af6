"""The factor is the square of T here. The derivative of z/T takes one T away."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    return (temperature**2 * (q - p)[:, omitted]).mean()
