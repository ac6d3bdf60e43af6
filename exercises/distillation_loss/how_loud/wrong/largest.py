"""The largest numbers are compared here, and not the lengths."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.abs(hard).max(), alpha * np.abs(soft).max()
    return soft / (soft + hard)
