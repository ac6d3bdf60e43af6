"""The teacher is taken as if it were given at T here, and left there. Its probabilities are those at T = 1."""


def tilted(teacher_probs, weights, temperature):
    q = (teacher_probs * np.asarray(weights, float)) ** temperature
    return q / q.sum(axis=1, keepdims=True)
