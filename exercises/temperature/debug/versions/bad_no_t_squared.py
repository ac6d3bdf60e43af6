"""Right at T = 1, but T^2 times too small at any other T: Hinton's factor is missing."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return (q - p) / temperature / len(student_logits)
