"""No row has a weight here: this is the plain mean of the divergences."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    return of_rows.mean()
