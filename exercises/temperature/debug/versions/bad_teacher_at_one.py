"""The teacher's softmax is taken at T = 1, the student's at T: both need the same temperature."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / len(student_logits)
