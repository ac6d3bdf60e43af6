"""The slope of the mean square: the mean gradient is not taken away."""


def exponent(student_logits, teacher_logits, temperature):
    step = 1e-4
    hot, cold = (
        (row_gradients(student_logits, teacher_logits, temperature * np.exp(sign * step)) ** 2).sum()
        for sign in (1, -1)
    )
    return (np.log(hot) - np.log(cold)) / (2 * step)
