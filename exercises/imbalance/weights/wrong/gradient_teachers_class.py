"""The teacher's first choice chooses the weight of a row here. The label does."""


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gap = softmax(student_logits, temperature) - softmax(teacher_logits, temperature)
    w = weights[teacher_logits.argmax(axis=1)]
    return (w / w.sum())[:, np.newaxis] * gap / temperature
