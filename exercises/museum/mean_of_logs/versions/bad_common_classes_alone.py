"""A class that one of them leaves out is left out for both. It counts for the other."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q
    inside = (p > 0) & (q > 0)
    p, q, m = p[inside], q[inside], m[inside]
    return beta * (p * np.log(p / m)).sum() + (1 - beta) * (q * np.log(q / m)).sum()
