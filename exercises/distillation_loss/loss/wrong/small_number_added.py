"""A small number under the logarithm hides that the divergence is infinite where only the student masks a class."""


def divergence(student_logits, teacher_logits, temperature):
    p, q = softmax(teacher_logits, temperature), softmax(student_logits, temperature)
    return (p * (np.log(p + 1e-12) - np.log(q + 1e-12))).sum(axis=-1)
