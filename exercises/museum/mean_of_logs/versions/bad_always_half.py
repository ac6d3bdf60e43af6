"""Beta is never used: half and half everywhere."""


def js(p, q, beta):
    m = (p + q) / 2

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return (kl(p, m) + kl(q, m)) / 2
