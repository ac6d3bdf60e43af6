"""Class by class, into an array made like the student's logits."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p, q = softmax(teacher_logits, temperature), softmax(student_logits, temperature)
    gradient = np.zeros(student_logits.shape, student_logits.dtype)
    for c in range(gradient.shape[1]):
        gradient[:, c] = temperature * (q[:, c] - p[:, c]) / len(gradient)
    return gradient
