"""Half the variance of the difference; and the loss from two arrays of rows."""


def hot_limit(student_logits, teacher_logits):
    return np.var(student_logits - teacher_logits, axis=1) / 2


def loss(student_logits, teacher_logits, labels, temperature, alpha):
    rows = np.zeros(len(labels))
    if alpha != 1:
        rows = rows - (1 - alpha) * np.take_along_axis(log_softmax(student_logits), labels[:, None], axis=1)[:, 0]
    if alpha != 0:
        rows = rows + alpha * temperature**2 * divergence(student_logits, teacher_logits, temperature)
    return np.mean(rows)
