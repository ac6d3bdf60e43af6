"""T squared times (q - p) stands here. The gradient is T (q - p): one T is used up by the derivative of z/T."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard), alpha * temperature * np.linalg.norm(soft)
    return soft / (soft + hard)
