"""The weights stand inside the sum over classes here, and it is divided by N. A weight belongs to a row."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (weights * np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    return of_rows.mean()
