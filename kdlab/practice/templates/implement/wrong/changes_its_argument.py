"""The values are right, but the argument weights was changed. Make a new array."""


def step(weights, gradient, learning_rate):
    weights -= learning_rate * gradient
    return weights
