"""The logarithms of the probabilities are compared here. The gradient is made of the probabilities themselves."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (np.log(np.maximum(q, 1e-300)) - np.log(np.maximum(p, 1e-300))) / len(student_logits)
