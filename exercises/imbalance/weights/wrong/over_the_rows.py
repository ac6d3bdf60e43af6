"""Each column is made to sum 1 here. Each row is a distribution."""


def tilted(teacher_probs, weights, temperature):
    q = teacher_probs * np.asarray(weights, float) ** temperature
    return q / q.sum(axis=0, keepdims=True)
