"""These are the student's probabilities at T. It is asked for them at T = 1."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs ** (1 / temperature) * np.asarray(weights, float)
    return q / q.sum(axis=1, keepdims=True)
