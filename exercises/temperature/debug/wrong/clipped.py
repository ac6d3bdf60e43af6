"""The probabilities are cut off at a small number here. The gradient needs no logarithm: they may be 0."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (np.clip(q, 1e-7, 1) - np.clip(p, 1e-7, 1)) / len(student_logits)
