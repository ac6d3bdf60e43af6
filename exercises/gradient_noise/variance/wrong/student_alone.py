"""The teacher plays no part here."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits.copy()
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).sum() / (batch_size * d.shape[1] ** 2 * temperature**4)
