"""alpha weighs the labels here. It weighs the teacher."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = alpha * np.linalg.norm(hard), (1 - alpha) * np.linalg.norm(soft)
    return soft / (soft + hard)
