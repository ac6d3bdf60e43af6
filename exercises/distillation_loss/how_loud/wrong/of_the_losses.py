"""This is the share of the two losses. How strongly they push is said by their gradients."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    with np.errstate(divide="ignore", invalid="ignore"):
        hard = -np.log(softmax(student_logits)[np.arange(len(labels)), labels]).mean() * (1 - alpha)
        terms = np.where(p > 0, p * (np.log(p) - np.log(q)), 0)
        soft = alpha * temperature**2 * terms.sum(axis=1).mean()
        return soft / (soft + hard)
