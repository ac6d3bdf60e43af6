"""This is the cross-entropy CE(p, q). The teacher's entropy is not subtracted: where both agree, KL is 0."""


def divergence(student_logits, teacher_logits, temperature):
    log_q = log_softmax(student_logits, temperature)
    log_q = np.where(teacher_logits > -np.inf, log_q, 0)
    return -(softmax(teacher_logits, temperature) * log_q).sum(axis=-1)
