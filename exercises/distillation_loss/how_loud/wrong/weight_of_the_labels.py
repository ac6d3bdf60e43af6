"""This is 1 - alpha, the weight of the labels."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    hard = np.linalg.norm(softmax(student_logits) - np.eye(student_logits.shape[1])[labels])
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    soft = temperature * np.linalg.norm(q - p)
    return (1 - share) * soft / (share * hard + (1 - share) * soft)
