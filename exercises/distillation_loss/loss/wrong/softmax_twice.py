"""The labels' term takes a softmax of a softmax: it gets probabilities, and wants logits."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(softmax(student_logits))[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        both_terms += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
