"""The learning rate is not used."""


def step(weights, gradient, learning_rate):
    return weights - gradient
