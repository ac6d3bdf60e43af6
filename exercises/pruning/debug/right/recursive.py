"""One step, and the rest by itself."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    pruned = np.where(mask, weights, 0.0)
    if n_steps == 0:
        return pruned
    logits = np.dot(inputs, pruned)
    q = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    gradient = np.dot(inputs.T, q - targets) / inputs.shape[0] + weight_decay * pruned
    velocity = momentum * velocity + gradient
    moved = pruned - learning_rate * velocity
    return fine_tune(moved, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps - 1)
