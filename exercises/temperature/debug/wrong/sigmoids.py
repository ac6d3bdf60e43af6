"""Here each class has a factor q (1 - q), as if it were a sigmoid by itself. The softmax leaves q - p alone."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * q * (1 - q) * (q - p) / len(student_logits)
