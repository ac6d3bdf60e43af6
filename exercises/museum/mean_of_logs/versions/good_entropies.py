"""Entropy of the mixture, less the mean entropy."""


def js(p, q, beta):
    def entropy(a):
        return -np.sum(a * np.log(np.where(a > 0, a, 1.0)))

    return entropy(beta * p + (1 - beta) * q) - beta * entropy(p) - (1 - beta) * entropy(q)
