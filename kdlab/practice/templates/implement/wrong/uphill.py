"""The step goes up the gradient here, and the loss grows. It is taken away."""

# FILL IN: a file for each mistake that you expect, named after it. The line above is what the student reads.


def step(weights, gradient, learning_rate):
    return weights + learning_rate * gradient
