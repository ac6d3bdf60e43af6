"""The difference is multiplied with q here. In the gradient of KL(p || q) it stands alone."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * q * (q - p) / len(student_logits)
