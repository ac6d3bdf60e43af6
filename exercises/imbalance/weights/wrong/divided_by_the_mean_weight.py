"""The rows are divided by the sum of the weights here, and do not sum to 1."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float) ** temperature
    return q / (np.asarray(weights, float) ** temperature).sum()
