"""How sure has only the label's own term, and what else the rest of the total: the sum is right, its parts are not."""


def decoupled(student_logits, teacher_logits, labels):
    rows = np.arange(len(labels))
    log_p_y = teacher_logits[rows, labels] - log_sum(teacher_logits)
    log_q_y = student_logits[rows, labels] - log_sum(student_logits)
    log_p_rest = log_sum(others(teacher_logits, labels)) - log_sum(teacher_logits)
    log_q_rest = log_sum(others(student_logits, labels)) - log_sum(student_logits)
    weight = np.exp(log_p_rest)
    sure = np.exp(log_p_y) * (log_p_y - log_q_y)
    v, z = others(teacher_logits, labels), others(student_logits, labels)
    log_p_hat = v - log_sum(v)[:, np.newaxis]
    log_q_hat = z - log_sum(z)[:, np.newaxis]
    rest = (np.exp(log_p_hat) * (log_p_hat - log_q_hat)).sum(axis=1) + log_p_rest - log_q_rest
    return sure + weight * rest, sure, weight, rest
