"""A step is taken after each part: the later gradients are taken elsewhere."""


def accumulated_step(weights, parts, temperature, learning_rate):
    N = sum(int(real.sum()) for _, _, real in parts)
    now = weights.copy()
    for inputs, teacher_logits, real in parts:
        g = row_gradients(now, inputs, teacher_logits, temperature)
        now = now - learning_rate * g[real].sum(axis=0) / max(N, 1)
    return now
