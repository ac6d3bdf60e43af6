"""T squared multiplies a gradient here that has it already: T (q - p) is with the factor."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    hard, soft = (1 - alpha) * np.linalg.norm(hard), alpha * temperature**2 * np.linalg.norm(soft)
    return soft / (soft + hard)
