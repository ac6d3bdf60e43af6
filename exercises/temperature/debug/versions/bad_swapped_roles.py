"""Student and teacher have changed places: the student is pushed away from the teacher."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(student_logits, temperature)
    q = softmax(teacher_logits, temperature)
    return temperature * (q - p) / len(student_logits)
