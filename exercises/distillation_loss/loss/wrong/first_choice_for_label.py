"""The student's own first choice stands for the label here. Use the labels that are given."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    both_terms = 0.0
    if alpha < 1:
        both_terms -= (1 - alpha) * log_softmax(student_logits).max(axis=1).mean()
    if alpha > 0:
        both_terms += alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature).mean()
    return both_terms
