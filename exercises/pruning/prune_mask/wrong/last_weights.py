"""The last weights are multiplied with all gradients here. Each step has weights of its own."""


def movement_score(weights, gradients):
    return -weights[-1] * gradients.sum(axis=0)
