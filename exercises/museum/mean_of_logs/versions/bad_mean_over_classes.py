"""The sum over the classes is divided by their number."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (beta * kl(p, m) + (1 - beta) * kl(q, m)) / len(p)
