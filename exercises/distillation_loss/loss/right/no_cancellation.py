"""Terms that are never negative, p (e^delta - 1 - delta) with delta = log q - log p; they have the same sum."""


def divergence(student_logits, teacher_logits, temperature):
    p, q = softmax(teacher_logits, temperature), softmax(student_logits, temperature)
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    taught = ~np.isneginf(teacher_logits)
    delta = np.where(taught, log_q - np.where(taught, log_p, 0), 0)
    near = np.abs(delta) < 30
    terms = np.where(near, p * (np.expm1(np.where(near, delta, 0)) - delta), q - p - np.where(p > 0, p, 1) * delta)
    terms = np.where(near | (p > 0), terms, np.where(np.isneginf(delta), np.inf, q))
    return np.where(taught, terms, q).sum(axis=1)
