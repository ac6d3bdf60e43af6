"""Rows are chosen by what the teacher calls them here. The labels say which rows are of the class."""


def lesson(teacher_logits, labels, omitted, temperature):
    return softmax(teacher_logits, temperature)[teacher_logits.argmax(axis=1) != omitted]
