"""The weights of the classes are scaled to sum 1 here, and not divided by those of the rows."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = (weights / weights.sum())[labels]
    return (w * of_rows).mean()
