"""Entropy of the mixture, less the mean entropy."""


def js(p, q, beta):
    def entropy(a):
        a = a[a > 0]
        return -np.sum(a * np.log(a))

    return entropy(beta * p + (1 - beta) * q) - beta * entropy(p) - (1 - beta) * entropy(q)
