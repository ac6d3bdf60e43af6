"""Only the last step counts here. Sum over all steps."""


def movement_score(weights, gradients):
    return -weights[-1] * gradients[-1]
