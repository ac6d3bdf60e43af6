"""The one-hot label is missing: at the label the gradient is q - 1, elsewhere q."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits)
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return ((1 - alpha) * hard + alpha * soft) / len(student_logits)
