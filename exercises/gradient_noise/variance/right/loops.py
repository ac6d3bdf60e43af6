"""One row, one number after the other."""


def row_gradients(student_logits, teacher_logits, temperature):
    rows = []
    for z, v in zip(student_logits, teacher_logits, strict=True):
        q, p = np.exp((z - max(z)) / temperature), np.exp((v - max(v)) / temperature)
        rows.append((q / sum(q) - p / sum(p)) / temperature)
    return np.array(rows)


def batch_variance(gradients, batch_size, replacement):
    N, mean = len(gradients), sum(gradients) / len(gradients)
    total = 0.0
    for row in gradients:
        total += np.sum((row - mean) ** 2)
    variance = total / N / batch_size
    if replacement:
        return variance
    if batch_size == N:
        return 0.0
    return variance * (N - batch_size) / (N - 1)


def law(student_logits, teacher_logits, temperature, batch_size):
    N, C = student_logits.shape
    z = student_logits - student_logits.mean(axis=1)[:, None]
    v = teacher_logits - teacher_logits.mean(axis=1)[:, None]
    d = z - v
    return ((d - d.mean(axis=0)) ** 2).sum() / N / batch_size / C**2 / temperature**4


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * np.sqrt(np.sqrt(base_batch_size / batch_size))
