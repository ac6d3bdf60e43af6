"""The temperature is not used in the targets here."""


def lesson(teacher_logits, labels, omitted, temperature):
    return softmax(teacher_logits, 1.0)[labels != omitted]
