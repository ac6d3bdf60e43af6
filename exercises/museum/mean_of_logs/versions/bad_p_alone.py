"""Only p is compared with the mixture. Both are."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return beta * kl(p, m)
