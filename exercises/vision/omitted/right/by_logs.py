"""By logarithms of probabilities."""


def missing_pull(student_logits, teacher_logits, omitted, temperature):
    log_q = log_softmax(student_logits, temperature)[:, omitted]
    log_p = log_softmax(teacher_logits, temperature)[:, omitted]
    return temperature * (np.exp(log_q) - np.exp(log_p)).mean()
