"""The pruned places are set to 0 by a boolean index, and the rate goes into each part of the step."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights, velocity = weights.copy(), velocity.copy()
    weights[~mask] = 0.0
    for _ in range(n_steps):
        z = inputs @ weights
        z = z - z.max(axis=1, keepdims=True)
        error = np.exp(z - np.log(np.exp(z).sum(axis=1, keepdims=True))) - targets
        velocity = momentum * velocity + (inputs / len(inputs)).T @ error
        velocity = velocity + weight_decay * weights
        weights = weights - learning_rate * velocity
        weights[~mask] = 0.0
    return weights
