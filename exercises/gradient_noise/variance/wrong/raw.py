"""A shift of a whole row changes no probability. Take the mean over the classes away first."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    return d.var(axis=0).sum() / (batch_size * d.shape[1] ** 2 * temperature**4)
