"""This is KL(q || p). The teacher, p, stands first: each difference of logarithms is weighed with p."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_q) * (log_q - log_p)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / w.sum()
