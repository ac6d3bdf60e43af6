"""This is the law for the loss with the factor T squared, which has no T. Asked is the loss without it."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return d.var(axis=0).sum() / (batch_size * d.shape[1] ** 2)
