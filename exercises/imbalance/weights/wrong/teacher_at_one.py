"""The teacher is computed at T = 1 here. Both are computed at T."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, 1.0), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / w.sum()
