"""p and q are compared with each other, and not with their mixture."""


def js(p, q, beta):
    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return beta * kl(p, np.maximum(q, 1e-12)) + (1 - beta) * kl(q, np.maximum(p, 1e-12))
