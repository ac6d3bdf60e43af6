"""This is the ratio of the two weights, alpha / (1 - alpha), and not alpha."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    hard = np.linalg.norm(softmax(student_logits) - np.eye(student_logits.shape[1])[labels])
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    soft = temperature * np.linalg.norm(q - p)
    return share * hard / (share * hard + (1 - share) * soft) if share == 1 else share * hard / ((1 - share) * soft)
