"""Probabilities are clipped at a billionth here: no digit is left of smaller ones."""


def decoupled(student_logits, teacher_logits, labels):
    rows = np.arange(len(labels))
    p = np.maximum(np.exp(teacher_logits - log_sum(teacher_logits)[:, np.newaxis]), 1e-9)
    q = np.maximum(np.exp(student_logits - log_sum(student_logits)[:, np.newaxis]), 1e-9)
    p_rest, q_rest = others(p, labels).sum(axis=1), others(q, labels).sum(axis=1)
    sure = p[rows, labels] * np.log(p[rows, labels] / q[rows, labels]) + p_rest * np.log(p_rest / q_rest)
    p_hat, q_hat = others(p, labels) / p_rest[:, np.newaxis], others(q, labels) / q_rest[:, np.newaxis]
    rest = (p_hat * np.log(p_hat / q_hat)).sum(axis=1)
    return sure + p_rest * rest, sure, p_rest, rest
