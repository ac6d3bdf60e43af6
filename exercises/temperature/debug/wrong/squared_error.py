"""This is the gradient of a squared error of the probabilities. That of the KL divergence is asked for."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * q * ((q - p) - (q * (q - p)).sum(axis=1, keepdims=True)) / len(student_logits)
