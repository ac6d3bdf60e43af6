"""The divergence is averaged over the classes here, and so it is C times too small. It is a sum over them."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        mean = divergence(student_logits, teacher_logits, temperature).mean() / student_logits.shape[1]
        both_terms += alpha * temperature**2 * mean
    return both_terms
