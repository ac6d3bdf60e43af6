"""Each part's mean is over its real rows, but its share counts padding too."""


def accumulated_step(weights, parts, temperature, learning_rate):
    total, count = np.zeros(weights.shape), 0
    for inputs, teacher_logits, real in parts:
        g = row_gradients(weights, inputs, teacher_logits, temperature)
        if real.any():
            total += g[real].mean(axis=0) * len(real)
        count += len(real)
    return weights - learning_rate * total / max(count, 1)
