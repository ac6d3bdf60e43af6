"""The labels' term is taken at T here. It stays at T = 1, where the student will be used."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    total = 0.0
    if alpha < 1:
        total -= (1 - alpha) * log_softmax(student_logits, temperature)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        total += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return total
