"""The number of classes stands below once. It is squared."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).sum() / (batch_size * d.shape[1] * temperature**4)
