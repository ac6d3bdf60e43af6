"""alpha weighs the labels here. In this loss it weighs the soft term, and 1 - alpha the labels."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha > 0:
        both_terms -= alpha * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha < 1:
        both_terms += (1 - alpha) * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
