"""The weights are inside the sum over classes here, and in the divisor. The weight belongs to the row."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (weights * np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    return of_rows.sum() / (weights * np.exp(log_p)).sum()
