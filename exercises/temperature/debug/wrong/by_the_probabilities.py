"""This is the derivative by the probabilities q. By the logits it is T (q - p) / N: the softmax lies between."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return -(temperature**2) * p / np.maximum(q, 1e-300) / len(student_logits)
