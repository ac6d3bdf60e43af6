"""The step alone comes back, without the weights it starts from."""


def step(weights, gradient, learning_rate):
    return -learning_rate * gradient
