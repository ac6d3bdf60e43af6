"""The slope of the variance itself. Asked is that of its logarithm."""


def exponent(student_logits, teacher_logits, temperature):
    step = 1e-4
    hot, cold = (
        batch_variance(row_gradients(student_logits, teacher_logits, temperature * np.exp(sign * step)), 1, True)
        for sign in (1, -1)
    )
    return (hot - cold) / (2 * step)
