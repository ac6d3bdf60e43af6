"""The sum is squared here. That is another score, and its sign is lost."""


def movement_score(weights, gradients):
    return (weights * gradients).sum(axis=0) ** 2
