"""Only the sign of the gradient counts, and not its size."""


def step(weights, gradient, learning_rate):
    return weights - learning_rate * np.sign(gradient)
