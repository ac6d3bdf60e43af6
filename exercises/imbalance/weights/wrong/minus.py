"""The sign is turned round here: log q less log p. A divergence is never below 0."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_q - log_p)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / w.sum()
