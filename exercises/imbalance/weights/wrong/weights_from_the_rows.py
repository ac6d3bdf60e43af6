"""The weights are computed anew from these labels here. Use those that are given."""


def weighted_kd(student_logits, teacher_logits, labels, temperature, weights):
    log_p, log_q = log_softmax(teacher_logits, temperature), log_softmax(student_logits, temperature)
    of_rows = (np.exp(log_p) * (log_p - log_q)).sum(axis=1)
    w = class_weights(labels, len(weights))[labels]
    return (w * of_rows).sum() / w.sum()
