"""This is the loss itself. Its gradient with respect to the student's logits is asked for."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p, q = softmax(teacher_logits, temperature), softmax(student_logits, temperature)
    logs = np.log(np.maximum(p, 1e-300)) - np.log(np.maximum(q, 1e-300))
    return temperature**2 * (p * logs).sum(axis=1).mean()
