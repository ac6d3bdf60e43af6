"""The mean of the means of those parts that have a real row: a row of a short part still counts more."""


def accumulated_step(weights, parts, temperature, learning_rate):
    total, count = np.zeros(weights.shape), 0
    for inputs, teacher_logits, real in parts:
        g = row_gradients(weights, inputs, teacher_logits, temperature)
        if real.any():
            total += g[real].mean(axis=0)
            count += 1
    return weights - learning_rate * total / max(count, 1)
