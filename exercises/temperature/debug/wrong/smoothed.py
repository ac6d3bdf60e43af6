"""The teacher's probabilities are mixed with equal shares here. They stand in the formula as they are."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - 0.9 * p - 0.1 / p.shape[1]) / len(student_logits)
