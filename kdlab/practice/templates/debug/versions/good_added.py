"""A negative step, added."""


def step(weights, gradient, learning_rate):
    return np.add(weights, -learning_rate * gradient)
