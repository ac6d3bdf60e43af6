"""An axis of length 1 gets lost here. The gradient has the shape (N, C), whatever N and C are."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return np.squeeze(temperature * (q - p) / len(student_logits))
