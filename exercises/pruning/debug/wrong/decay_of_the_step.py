"""The weight decay does not pass through the velocity here. The formula adds it to the gradient."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs)
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * (velocity + weight_decay * weights)
        weights = weights * mask
    return weights
