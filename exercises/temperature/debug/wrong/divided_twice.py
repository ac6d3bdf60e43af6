"""The logits are divided by T twice here: softmax(logits, T) does it already."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits / temperature, temperature)
    q = softmax(student_logits / temperature, temperature)
    return temperature * (q - p) / len(student_logits)
