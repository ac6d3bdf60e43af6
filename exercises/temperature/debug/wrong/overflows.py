"""exp overflows for large logits here, and inf / inf is NaN. The softmax you were given does not."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p, q = np.exp(teacher_logits / temperature), np.exp(student_logits / temperature)
    p, q = p / p.sum(axis=1, keepdims=True), q / q.sum(axis=1, keepdims=True)
    return temperature * (q - p) / len(student_logits)
