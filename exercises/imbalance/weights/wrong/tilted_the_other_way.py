"""The tilt goes the other way here: heavy classes lose."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float) ** -temperature
    return q / q.sum(axis=1, keepdims=True)
