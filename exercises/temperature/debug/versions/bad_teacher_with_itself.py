"""The teacher has no say: the gradient is zero whatever its logits are."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(student_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / len(student_logits)
