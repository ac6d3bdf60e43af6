"""The step goes up the gradient, and the loss grows."""

# FILL IN: five bugs or more, each of a kind that code has had. They are wrong solutions of the function as well.


def step(weights, gradient, learning_rate):
    return weights + learning_rate * gradient
