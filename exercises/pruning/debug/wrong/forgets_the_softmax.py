"""The logits stand where the probabilities should: the softmax is gone."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        gradient = inputs.T @ (logits - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        weights = weights * mask
    return weights
