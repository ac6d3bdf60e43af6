"""The gradients of all samples are summed here. Each sample has its own row."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return (temperature * (q - p) / len(student_logits)).sum(axis=0)
