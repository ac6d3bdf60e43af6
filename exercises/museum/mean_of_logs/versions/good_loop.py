"""Class by class."""


def js(p, q, beta):
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist(), strict=True):
        m = beta * a + (1 - beta) * b
        total += beta * a * np.log(a / m) if a else 0.0
        total += (1 - beta) * b * np.log(b / m) if b else 0.0
    return total
