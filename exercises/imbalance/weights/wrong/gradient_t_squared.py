"""This is the gradient of the loss times T squared. In this exercise there is no such factor."""


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gap = softmax(student_logits, temperature) - softmax(teacher_logits, temperature)
    w = weights[labels]
    return (w / w.sum())[:, np.newaxis] * gap * temperature
