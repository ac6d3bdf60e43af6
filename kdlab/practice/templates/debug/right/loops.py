"""Plain Python, one weight at a time."""

# FILL IN: as many ways to write it as you can think of. Each of them must pass.


def step(weights, gradient, learning_rate):
    pairs = zip(weights.ravel(), gradient.ravel(), strict=True)
    return np.array([w - learning_rate * g for w, g in pairs]).reshape(weights.shape)
