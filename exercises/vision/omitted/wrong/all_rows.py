"""The rows of the omitted class are still there. Leave them out."""


def lesson(teacher_logits, labels, omitted, temperature):
    return softmax(teacher_logits, temperature)
