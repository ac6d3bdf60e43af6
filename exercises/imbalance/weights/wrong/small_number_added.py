"""A small number is added to the probabilities here, which changes large losses. Use log_softmax."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = (np.log(softmax(v, temperature) + 1e-9) for v in (teacher_logits, student_logits))
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / w.sum()
