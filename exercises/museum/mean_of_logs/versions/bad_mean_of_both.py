"""The two divergences have one weight, a half each. The weights are those of the mixture."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (kl(p, m) + kl(q, m)) / 2
