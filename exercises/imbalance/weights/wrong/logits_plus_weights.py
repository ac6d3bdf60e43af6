"""T w is added to the logarithms here. It is T log w."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.exp(temperature * np.asarray(weights, float) - temperature * np.max(weights))
    return q / q.sum(axis=1, keepdims=True)
