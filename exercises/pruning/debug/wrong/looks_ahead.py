"""The step adds the gradient once more, as Nesterov's does. The formula takes the velocity alone."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * (momentum * velocity + gradient)
        weights = weights * mask
    return weights
