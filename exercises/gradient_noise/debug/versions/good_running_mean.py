"""A mean that takes in one part after the other."""


def accumulated_step(weights, parts, temperature, learning_rate):
    mean, count = np.zeros(weights.shape), 0
    for inputs, teacher_logits, real in parts:
        if not real.any():
            continue
        g = row_gradients(weights, inputs[real], teacher_logits[real], temperature)
        count += len(g)
        mean = mean + (g.mean(axis=0) - mean) * (len(g) / count)
    return weights - learning_rate * mean
