"""These rows do not sum to 1. Divide each by its sum."""


def tilted(teacher_probs, weights, temperature):
    return teacher_probs * np.asarray(weights, float) ** temperature
