"""The mixture is a mean of logarithms, and classes that one leaves out are left out. It is a mean of probabilities."""


def js(p, q, beta):
    inside = (p > 0) & (q > 0)
    p, q = p[inside], q[inside]
    m = p**beta * q ** (1 - beta)
    return beta * (p * np.log(p / m)).sum() + (1 - beta) * (q * np.log(q / m)).sum()
