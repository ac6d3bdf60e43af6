"""The mask on all that moves a weight."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    keep = mask.astype(float)
    w, v = weights * keep, velocity * keep
    for _ in range(n_steps):
        z = inputs @ w
        z = z - z.max(axis=-1)[:, np.newaxis]
        log_q = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        g = np.einsum("nd,nc->dc", inputs, np.exp(log_q) - targets) / inputs.shape[0]
        v = momentum * v + keep * (g + weight_decay * w)
        w = w - learning_rate * v
    return w
