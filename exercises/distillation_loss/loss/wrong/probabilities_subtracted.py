"""Probabilities are subtracted here, and their logarithms should be."""


def divergence(student_logits, teacher_logits, temperature):
    p, q = softmax(teacher_logits, temperature), softmax(student_logits, temperature)
    return (p * (p - q)).sum(axis=-1)
