"""Both terms are added without their weights here: 1 - alpha for the labels, alpha for the teacher."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        both_terms += temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
