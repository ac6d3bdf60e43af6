"""Through log-probabilities, and the factors one after the other."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    log_p = teacher_logits / temperature - np.logaddexp.reduce(teacher_logits / temperature, axis=1, keepdims=True)
    log_q = student_logits / temperature - np.logaddexp.reduce(student_logits / temperature, axis=1, keepdims=True)
    loss_by_u = np.exp(log_q) - np.exp(log_p)
    loss_by_z = temperature**2 * loss_by_u / temperature
    return loss_by_z / len(loss_by_z)
