"""The student's softmax is taken at T = 1, the teacher's at T: both need the same temperature."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits)
    return temperature * (q - p) / len(student_logits)
