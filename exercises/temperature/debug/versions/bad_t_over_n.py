"""The factor T / N is missing: this is right only where T and N are equal."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    return softmax(student_logits, temperature) - softmax(teacher_logits, temperature)
