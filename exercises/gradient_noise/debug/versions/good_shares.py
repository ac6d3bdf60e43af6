"""The sum of each part over the number of all real rows, which is counted first; padding is multiplied by 0."""


def accumulated_step(weights, parts, temperature, learning_rate):
    N = sum(int(real.sum()) for _, _, real in parts)
    step = np.zeros(weights.shape)
    for inputs, teacher_logits, real in parts:
        g = row_gradients(weights, inputs, teacher_logits, temperature) * real[:, np.newaxis, np.newaxis]
        step = step + g.sum(axis=0) / max(N, 1)
    return weights - learning_rate * step
