"""This is one number for all weights together. Each weight has a score of its own."""


def movement_score(weights, gradients):
    return -(weights * gradients).sum()
