"""The mixture is half and half at every beta."""


def js(p, q, beta):
    m = (p + q) / 2

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return beta * kl(p, m) + (1 - beta) * kl(q, m)
