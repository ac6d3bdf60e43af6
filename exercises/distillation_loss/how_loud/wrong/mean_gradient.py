"""The gradients of the samples are averaged first, and cancel in part. The length is that of all N times C numbers."""


def teacher_share(student_logits, teacher_logits, labels, temperature, alpha):
    one_hot = np.eye(student_logits.shape[1])[labels]
    hard = (softmax(student_logits) - one_hot).mean(axis=0)
    soft = temperature * (softmax(student_logits, temperature) - softmax(teacher_logits, temperature)).mean(axis=0)
    labels_push = (1 - alpha) * np.sqrt((hard**2).sum())
    teachers_push = alpha * np.sqrt((soft**2).sum())
    return teachers_push / (teachers_push + labels_push)
