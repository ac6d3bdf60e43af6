"""From T to 2T is not the slope at T itself: the temperatures must lie close."""


def exponent(student_logits, teacher_logits, temperature):
    hot, cold = (
        batch_variance(row_gradients(student_logits, teacher_logits, T), 1, True)
        for T in (2 * temperature, temperature)
    )
    return np.log(hot / cold) / np.log(2)
