"""The mixture has the weight beta on q. It is on p."""


def js(p, q, beta):
    m = (1 - beta) * p + beta * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return beta * kl(p, m) + (1 - beta) * kl(q, m)
