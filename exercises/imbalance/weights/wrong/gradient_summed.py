"""The gradient is not divided by the sum of the weights here."""


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gap = softmax(student_logits, temperature) - softmax(teacher_logits, temperature)
    w = weights[labels]
    return w[:, np.newaxis] * gap / temperature
