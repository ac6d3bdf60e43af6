"""One logarithm is to the base 10, and one is not."""


def exponent(student_logits, teacher_logits, temperature):
    step = 1e-4
    hot, cold = (
        batch_variance(row_gradients(student_logits, teacher_logits, temperature * np.exp(sign * step)), 1, True)
        for sign in (1, -1)
    )
    return (np.log10(hot) - np.log10(cold)) / (2 * step)
