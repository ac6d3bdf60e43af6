"""Set to 0 by index, in copies."""


def fine_tune(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    weights, velocity = weights.copy(), velocity.copy()
    weights[~mask] = 0
    for _ in range(n_steps):
        q = []
        for row in inputs:
            e = np.exp(row @ weights - np.max(row @ weights))
            q.append(e / np.sum(e))
        gradient = np.mean([np.outer(x, p - t) for x, p, t in zip(inputs, q, targets, strict=True)], axis=0)
        velocity *= momentum
        velocity += gradient + weight_decay * weights
        weights -= learning_rate * velocity
        weights[~mask] = 0
    return weights
