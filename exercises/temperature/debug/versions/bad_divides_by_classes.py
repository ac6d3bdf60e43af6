"""The gradient is divided by the C classes here. The mean is over the N samples."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / student_logits.shape[1]
