"""The logarithm of q stands where q itself should."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (np.log(np.maximum(q, 1e-300)) - p) / len(student_logits)
