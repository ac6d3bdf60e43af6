"""The weights multiply once here, as at T = 1. The tilt grows with T: at T = 1 it is w to the power T."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float)
    return q / q.sum(axis=1, keepdims=True)
