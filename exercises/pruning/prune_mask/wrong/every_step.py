"""Each step has a score of its own here. Sum over the steps, the first axis."""


def movement_score(weights, gradients):
    return -weights * gradients
