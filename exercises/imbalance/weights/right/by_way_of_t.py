"""To T, there the weights once, and back: powers of what one has."""


def tilted(teacher_probs, weights, temperature):
    q = (teacher_probs ** (1 / temperature) * weights) ** temperature
    return q / q.sum(axis=1, keepdims=True)
