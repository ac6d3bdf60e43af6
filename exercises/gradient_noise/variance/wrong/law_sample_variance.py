"""Divided by N - 1. These rows are the whole population: divide by N."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return ((d - d.mean(axis=0)) ** 2).sum() / max(len(d) - 1, 1) / (batch_size * d.shape[1] ** 2 * temperature**4)
