"""The sign is lost here. Where the student gives too little, the gradient is negative."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * np.abs(q - p) / len(student_logits)
