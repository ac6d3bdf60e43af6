"""The logarithm of a softmax loses small probabilities: they round to 0. Use log_softmax."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    with np.errstate(all="ignore"):
        log_p, log_q = np.log(softmax(teacher_logits, temperature)), np.log(softmax(student_logits, temperature))
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = weights[labels]
    return (w * of_rows).sum() / w.sum()
