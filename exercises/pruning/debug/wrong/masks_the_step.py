"""The step is taken from weights that are not pruned at first: 0 steps give them back, and the first step sees them."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity * mask
    return weights
