"""The pruned places are set to 0 by a boolean index, and the weight decay comes first."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = weight_decay * weights + (inputs / len(inputs)).T @ (q - targets)
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights[~mask] = 0.0
    return weights
