"""The sum is divided by the sum of the weights of the classes here. Add the weights of the rows, `weights[labels]`."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / weights.sum()
