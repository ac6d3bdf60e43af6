"""The logits are multiplied with T here, and should be divided by it: softmax(logits, T) does so."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits * temperature)
    q = softmax(student_logits * temperature)
    return temperature * (q - p) / len(student_logits)
