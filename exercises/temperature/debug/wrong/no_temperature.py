"""Both are taken at T = 1 here; T must divide the logits of both."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits)
    q = softmax(student_logits)
    return temperature * (q - p) / len(student_logits)
