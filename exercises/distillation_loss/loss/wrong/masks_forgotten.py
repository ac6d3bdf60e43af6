"""Where both mask a class, this is NaN: -inf less -inf. A class that the teacher masks adds 0."""


def divergence(student_logits, teacher_logits, temperature):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    return (softmax(teacher_logits, temperature) * (log_p - log_q)).sum(axis=-1)
