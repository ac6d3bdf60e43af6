"""These are the rows of the omitted class. All others are the lesson."""


def lesson(teacher_logits, labels, omitted, temperature):
    return softmax(teacher_logits, temperature)[labels == omitted]
