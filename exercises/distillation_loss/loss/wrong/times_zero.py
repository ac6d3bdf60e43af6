"""Where only the student masks and p rounds to 0, this is NaN: 0 times infinity. The divergence is infinite there."""


def divergence(student_logits, teacher_logits, temperature):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    gap = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=teacher_logits > -np.inf)
    return (softmax(teacher_logits, temperature) * gap).sum(axis=-1)
