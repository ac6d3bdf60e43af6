"""As the formula says."""

# FILL IN: two right versions or more, written so differently that they do not agree to the last digit.


def step(weights, gradient, learning_rate):
    return weights - learning_rate * gradient
