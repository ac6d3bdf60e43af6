"""To T, there the weights once, and back: powers of what one has."""


def tilted(teacher_probs, weights, temperature):
    at_t = teacher_probs ** (1 / temperature)
    at_t = at_t / at_t.sum(axis=1, keepdims=True)
    q = at_t * weights
    q = (q / q.max(axis=1, keepdims=True)) ** temperature
    return q / q.sum(axis=1, keepdims=True)
