"""The slope on one side of T, and too far from it: take both sides, close to T."""


def exponent(student_logits, teacher_logits, temperature):
    hot, here = (
        batch_variance(row_gradients(student_logits, teacher_logits, T), 1, True)
        for T in (1.01 * temperature, temperature)
    )
    return np.log(hot / here) / np.log(1.01)
