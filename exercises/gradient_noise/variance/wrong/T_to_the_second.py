"""T squared stands below. Without the factor the law has the fourth power."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).sum() / (batch_size * d.shape[1] ** 2 * temperature**2)
