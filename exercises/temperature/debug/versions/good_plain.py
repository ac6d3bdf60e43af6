"""As the formula says."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    n_samples = student_logits.shape[0]
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / n_samples
