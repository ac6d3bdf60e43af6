"""exp overflows for large logits here, and inf / inf is NaN. The loop you were given takes the largest away first."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits)
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights = weights * mask
    return weights
