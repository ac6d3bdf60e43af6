"""Where a weight is pruned the velocity stays as it was here, and goes on moving the weight. It has to be 0."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = np.where(mask, momentum * velocity + gradient, velocity)
        weights = weights - learning_rate * velocity
    return weights
