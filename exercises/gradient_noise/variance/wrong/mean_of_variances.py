"""The mean over the classes. The trace is the sum."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).mean() / (batch_size * d.shape[1] ** 2 * temperature**4)
