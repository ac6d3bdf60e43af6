"""This is the slope for the loss with the factor T squared."""


def exponent(student_logits, teacher_logits, temperature):
    step = 1e-4
    hot, cold = (
        batch_variance(row_gradients(student_logits, teacher_logits, temperature * np.exp(sign * step)), 1, True)
        for sign in (1, -1)
    )
    return (np.log(hot) - np.log(cold)) / (2 * step) + 4
