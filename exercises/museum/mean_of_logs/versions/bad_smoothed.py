"""A small constant is added to every probability. No zero needs it."""


def js(p, q, beta):
    p, q = (p + 1e-3) / (1 + 1e-3 * len(p)), (q + 1e-3) / (1 + 1e-3 * len(q))
    m = beta * p + (1 - beta) * q
    return beta * (p * np.log(p / m)).sum() + (1 - beta) * (q * np.log(q / m)).sum()
