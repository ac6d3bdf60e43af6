"""A class that only the student masks is left out here. It makes the divergence infinite."""


def divergence(student_logits, teacher_logits, temperature):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    seen = (teacher_logits > -np.inf) & (student_logits > -np.inf)
    gap = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=seen)
    return (softmax(teacher_logits, temperature) * gap).sum(axis=-1)
