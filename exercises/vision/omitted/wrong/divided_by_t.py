"""It is divided by T here, as without the factor in the loss. With that factor T remains above."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    return ((q - p)[:, omitted] / temperature).mean()
