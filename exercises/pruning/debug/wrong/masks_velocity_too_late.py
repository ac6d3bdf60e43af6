"""The velocity is masked after the step has been taken with it: the given velocity moves pruned weights once."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        gradient = gradient * mask
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        velocity = velocity * mask
    return weights
