"""The soft term carries T here, and T squared is needed: one T for the 1/T of the gradient, one for q - p."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    total = 0.0
    if alpha < 1:
        total -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        total += alpha * temperature * divergence(student_logits, teacher_logits, temperature).mean()
    return total
