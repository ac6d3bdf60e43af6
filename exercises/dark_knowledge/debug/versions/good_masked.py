"""The label is masked by minus infinity, and what is masked adds nothing."""


def decoupled(student_logits, teacher_logits, labels):
    is_label = np.arange(student_logits.shape[1]) == labels[:, np.newaxis]

    def logarithms(logits):
        log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        rest = np.logaddexp.reduce(np.where(is_label, -np.inf, log_p), axis=1, keepdims=True)
        return (log_p * is_label).sum(axis=1), rest[:, 0], log_p - rest

    (log_q_y, log_q_rest, log_q_hat), (log_p_y, log_p_rest, log_p_hat) = map(
        logarithms, (student_logits, teacher_logits)
    )
    p_hat = np.where(is_label, 0.0, np.exp(np.where(is_label, 0.0, log_p_hat)))
    rest = (p_hat * (log_p_hat - log_q_hat)).sum(axis=1)
    weight = np.exp(log_p_rest)
    sure = np.exp(log_p_y) * (log_p_y - log_q_y) + weight * (log_p_rest - log_q_rest)
    return sure + weight * rest, sure, weight, rest
