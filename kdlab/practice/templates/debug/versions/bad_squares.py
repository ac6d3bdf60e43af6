"""The gradient is squared."""


def step(weights, gradient, learning_rate):
    return weights - learning_rate * gradient**2
