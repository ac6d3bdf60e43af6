"""The batch size is missing."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).sum() / (d.shape[1] ** 2 * temperature**4)
