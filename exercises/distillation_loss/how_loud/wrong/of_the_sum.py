"""The teacher is compared with the sum of both pushes here, in which they may cancel. Compare the two lengths."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    hard = softmax(student_logits) - np.eye(student_logits.shape[1])[labels]
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature))
    both = (1 - alpha) * hard + alpha * soft
    return np.linalg.norm(alpha * soft) / np.linalg.norm(both)
