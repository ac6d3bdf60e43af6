"""The gradient is masked and the weights before each step; but the velocity moves them in the last one."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        weights = weights * mask
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        gradient = gradient * mask
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
    return weights
