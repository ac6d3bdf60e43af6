"""The divergence of p has the weight 1 - beta. It is beta."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (1 - beta) * kl(p, m) + beta * kl(q, m)
