"""This is the entropy of the mixture alone. Take away the mean entropy of p and q."""


def js(p, q, beta):
    m = beta * p + (1 - beta) * q
    return -(m[m > 0] * np.log(m[m > 0])).sum()
