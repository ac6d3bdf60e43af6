"""The weights stand inside the sum over classes here. The weight belongs to the row, and its label chooses it."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (weights * np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return of_rows.sum() / w.sum()
