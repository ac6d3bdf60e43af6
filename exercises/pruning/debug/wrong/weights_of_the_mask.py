"""The mask is put in the place of the weights: those that are kept become 1."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = mask * 1.0
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights = weights * mask
    return weights
