"""The chain rule by u = z / T, with the mean at the end."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    soft_targets = softmax(teacher_logits, temperature)
    loss_by_log_q = -soft_targets * temperature**2
    q = softmax(student_logits, temperature)
    loss_by_u = loss_by_log_q - q * loss_by_log_q.sum(axis=1, keepdims=True)
    return np.divide(loss_by_u / temperature, student_logits.shape[0])
