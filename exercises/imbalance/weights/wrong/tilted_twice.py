"""The tilt is twice as strong as it is: w to the power 2T."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float) ** (2 * temperature)
    return q / q.sum(axis=1, keepdims=True)
