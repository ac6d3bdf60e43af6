"""The share of each row is averaged here. One share of the whole batch is asked for."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard, axis=1), alpha * np.linalg.norm(soft, axis=1)
    return (soft / (soft + hard)).mean()
