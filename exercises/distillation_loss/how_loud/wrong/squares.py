"""Squares are compared here: the roots are missing, without which these are no lengths."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = ((1 - alpha) ** 2) * (hard**2).sum(), alpha**2 * (soft**2).sum()
    return soft / (soft + hard)
