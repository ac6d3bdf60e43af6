"""It is divided as if every part had as many real rows as the first."""


def accumulated_step(weights, parts, temperature, learning_rate):
    total, count = np.zeros(weights.shape), 0
    for inputs, teacher_logits, real in parts:
        g = row_gradients(weights, inputs, teacher_logits, temperature)
        total += g[real].sum(axis=0)
        count = count or len(parts) * parts[0][2].sum()
    return weights - learning_rate * total / max(count, 1)
