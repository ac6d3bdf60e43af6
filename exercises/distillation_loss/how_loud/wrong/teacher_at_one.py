"""The teacher's probabilities are taken at T = 1 here. Both are softened by the same T."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    one_hot = np.eye(student_logits.shape[1])[labels]
    hard = softmax(student_logits) - one_hot
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits))
    labels_push = (1 - alpha) * np.sqrt((hard**2).sum())
    teachers_push = alpha * np.sqrt((soft**2).sum())
    return teachers_push / (teachers_push + labels_push)
