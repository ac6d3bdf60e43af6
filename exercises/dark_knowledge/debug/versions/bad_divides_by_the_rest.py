"""The others are divided by 1 - p_y, which rounds to 0 where somebody is sure. Leave the label out first."""


def decoupled(student_logits, teacher_logits, labels):
    rows = np.arange(len(labels))
    p = np.exp(teacher_logits - log_sum(teacher_logits)[:, np.newaxis])
    q = np.exp(student_logits - log_sum(student_logits)[:, np.newaxis])
    p_y, q_y = p[rows, labels], q[rows, labels]
    with np.errstate(all="ignore"):
        sure = p_y * np.log(p_y / q_y) + (1 - p_y) * np.log((1 - p_y) / (1 - q_y))
        p_hat, q_hat = others(p, labels) / (1 - p_y)[:, np.newaxis], others(q, labels) / (1 - q_y)[:, np.newaxis]
        rest = (p_hat * np.log(p_hat / q_hat)).sum(axis=1)
        total = sure + (1 - p_y) * rest
    return total, sure, 1 - p_y, rest
