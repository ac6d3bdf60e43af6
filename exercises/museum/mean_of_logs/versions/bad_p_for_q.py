"""Beta is the weight of q here, in the mixture and in the sum. It is that of p."""


def js(p, q, beta):
    m = (1 - beta) * p + beta * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (1 - beta) * kl(p, m) + beta * kl(q, m)
