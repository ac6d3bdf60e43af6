"""There is one step too many here."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps + 1):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights = weights * mask
    return weights
