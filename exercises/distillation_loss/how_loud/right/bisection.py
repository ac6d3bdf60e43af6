"""The share rises with alpha, so alpha is found by halving."""


def alpha_for_share(student_logits, teacher_logits, labels, temperature, share):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if teacher_share(student_logits, teacher_logits, labels, temperature, middle) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
