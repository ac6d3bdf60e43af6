"""Row by row, with the label taken out of a list."""


def decoupled(student_logits, teacher_logits, labels):
    parts = []
    for z, v, y in zip(student_logits, teacher_logits, labels, strict=True):
        wrong = [i for i in range(len(z)) if i != y]
        log_q, log_p = z - np.logaddexp.reduce(z), v - np.logaddexp.reduce(v)
        log_q_rest, log_p_rest = np.logaddexp.reduce(log_q[wrong]), np.logaddexp.reduce(log_p[wrong])
        weight = np.exp(log_p_rest)
        sure = np.exp(log_p[y]) * (log_p[y] - log_q[y]) + weight * (log_p_rest - log_q_rest)
        log_q_hat, log_p_hat = log_q[wrong] - log_q_rest, log_p[wrong] - log_p_rest
        rest = sum(np.exp(a) * (a - b) for a, b in zip(log_p_hat, log_q_hat, strict=True))
        parts.append((sure + weight * rest, sure, weight, rest))
    return tuple(np.array(column) for column in zip(*parts, strict=True))
