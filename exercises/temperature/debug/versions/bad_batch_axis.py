"""The softmax runs over the samples here, so that samples change each other; it should run over the classes."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature, axis=0)
    q = softmax(student_logits, temperature, axis=0)
    return temperature * (q - p) / len(student_logits)
