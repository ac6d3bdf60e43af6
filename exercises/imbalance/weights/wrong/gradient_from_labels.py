"""The label stands in the place of the teacher here. It only chooses the weight."""


def weighted_kd_gradient(student_logits, teacher_logits, labels, temperature, weights):
    gap = softmax(student_logits, temperature) - np.eye(len(weights))[labels]
    w = weights[labels]
    return (w / w.sum())[:, np.newaxis] * gap / temperature
