"""Absolute values are summed here. A length is the square root of the sum of the squares."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.abs(hard).sum(), alpha * np.abs(soft).sum()
    return soft / (soft + hard)
