"""The teacher's first choice chooses the weight of a row here. The label does."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[teacher_logits.argmax(axis=1)]
    return (w * of_rows).sum() / w.sum()
