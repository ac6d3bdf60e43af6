"""The weights are taken to the power 1/T here. Read at T = 1 it is w to the power T."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float) ** (1 / temperature)
    return q / q.sum(axis=1, keepdims=True)
