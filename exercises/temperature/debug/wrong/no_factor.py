"""The factor T is missing here: T squared from the loss, and 1/T from the derivative of z/T."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return (q - p) / len(student_logits)
