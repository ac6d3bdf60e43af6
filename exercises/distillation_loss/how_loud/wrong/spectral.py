"""np.linalg.norm(..., 2) of a matrix is its largest singular value. The length of all its numbers is asked for."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard, 2), alpha * np.linalg.norm(soft, 2)
    return soft / (soft + hard)
