"""No row has a weight here: this is the gradient of the plain mean."""


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gap = softmax(student_logits, temperature) - softmax(teacher_logits, temperature)
    return gap / len(labels) / temperature
