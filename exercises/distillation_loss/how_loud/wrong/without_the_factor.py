"""This is the share without T squared in the loss: (q - p) / T. With the factor the gradient is T (q - p)."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard), alpha * np.linalg.norm(soft) / temperature**2
    return soft / (soft + hard)
