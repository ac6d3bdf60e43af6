"""Only the most probable class of each target counts here. The targets are probabilities: all of them count."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = (
            inputs.T @ (q - np.eye(targets.shape[1])[targets.argmax(axis=1)]) / len(inputs) + weight_decay * weights
        )
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights = weights * mask
    return weights
