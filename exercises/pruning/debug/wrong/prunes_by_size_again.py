"""The smallest weights go after each step here, whichever they are. The mask says once and for all which ones do."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights = weights * mask
    for _ in range(n_steps):
        logits = inputs @ weights
        q = np.exp(logits - logits.max(axis=1, keepdims=True))
        q = q / q.sum(axis=1, keepdims=True)
        gradient = inputs.T @ (q - targets) / len(inputs) + weight_decay * weights
        velocity = momentum * velocity + gradient
        weights = weights - learning_rate * velocity
        order = np.argsort(-np.abs(weights), axis=None, kind="stable")
        kept = np.zeros(weights.size)
        kept[order[: mask.sum()]] = 1.0
        weights = weights * kept.reshape(weights.shape)
    return weights
