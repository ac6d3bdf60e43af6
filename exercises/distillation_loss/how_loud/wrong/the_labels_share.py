"""This weight gives the labels the share that was meant for the teacher."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    hard = np.linalg.norm(softmax(student_logits) - np.eye(student_logits.shape[1])[labels])
    q, p = softmax(student_logits, temperature), softmax(teacher_logits, temperature)
    soft = temperature * np.linalg.norm(q - p)
    return (1 - share) * hard / ((1 - share) * hard + share * soft)
