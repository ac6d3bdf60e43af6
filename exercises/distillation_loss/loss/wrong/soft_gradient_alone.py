"""The labels' part of the gradient is missing: (1 - alpha) times q(1) less the one-hot label."""


def loss_gradient(student_logits, teacher_logits, labels, temperature, alpha):
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    return alpha * soft / len(student_logits)
