"""The labels' softmax is taken at T here. It stays at T = 1."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits, temperature) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard), alpha * np.linalg.norm(soft)
    return soft / (soft + hard)
