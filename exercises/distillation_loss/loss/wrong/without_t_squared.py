"""At T the teacher pushes T squared times too weakly: the factor before the soft term is missing."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    total = 0.0
    if alpha < 1:
        total -= (1 - alpha) * log_softmax(student_logits)[np.arange(len(labels)), labels].mean()
    if alpha > 0:
        total += alpha * divergence(student_logits, teacher_logits, temperature).mean()
    return total
