"""The weights and the gradients are summed first here. Multiply step by step, then sum."""


def movement_score(weights, gradients):
    return -weights.sum(axis=0) * gradients.sum(axis=0)
