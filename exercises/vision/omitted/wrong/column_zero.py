"""The probability of the omitted class is set to 0 here. It is what the student learns the class by."""


def lesson(teacher_logits, labels, omitted, temperature):
    p = softmax(teacher_logits, temperature)
    p[:, omitted] = 0
    return p[labels != omitted]
