"""The soft term carries T here, and T squared is needed: one T for the 1/T of the gradient, one for q - p."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        both_terms += alpha * temperature * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
