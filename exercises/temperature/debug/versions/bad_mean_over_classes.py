"""C times too small with C classes: the loss is a sum over the classes, and a mean over the samples only."""


def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / student_logits.size
