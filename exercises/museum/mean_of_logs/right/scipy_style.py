"""Only where a distribution has something to say."""


def js(p, q, beta):
    m = np.add(np.multiply(beta, p), np.multiply(1 - beta, q))

    def relative_entropy(a):
        support = np.flatnonzero(a)
        return np.einsum("i,i->", a[support], np.log(a[support]) - np.log(m[support]))

    return np.dot([beta, 1 - beta], [relative_entropy(p), relative_entropy(q)])
