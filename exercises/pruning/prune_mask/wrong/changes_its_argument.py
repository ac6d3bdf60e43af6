"""The values are right, but the argument weights was changed. Make a new array."""


def movement_score(weights, gradients):
    weights *= -gradients
    return weights.sum(axis=0)
