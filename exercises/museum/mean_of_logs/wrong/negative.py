"""The sign is wrong: a divergence is never below 0."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(b[inside] / a[inside])).sum()

    return beta * kl(p, m) + (1 - beta) * kl(q, m)
