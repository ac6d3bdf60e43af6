"""The step is divided by the learning rate: it should be multiplied with it."""


def step(weights, gradient, learning_rate):
    return weights - gradient / (learning_rate + 1e-3)
