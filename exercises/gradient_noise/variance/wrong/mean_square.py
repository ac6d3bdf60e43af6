"""The mean over the rows is not taken away: this is the size of d, not its variance."""


def law(student_logits, teacher_logits, temperature, batch_size):
    d = student_logits - teacher_logits
    d = d - d.mean(axis=1, keepdims=True)
    return (d**2).mean(axis=0).sum() / (batch_size * d.shape[1] ** 2 * temperature**4)
