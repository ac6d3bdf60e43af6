"""Elementwise, with zeros replaced in the denominator."""


def js(p, q, beta):
    m = np.add(np.multiply(beta, p), np.multiply(1 - beta, q))

    def relative_entropy(a):
        ratio = np.where(a == 0, 1.0, a) / np.where(a == 0, 1.0, m)
        return np.einsum("i,i->", a, np.log(ratio))

    return np.dot([beta, 1 - beta], [relative_entropy(p), relative_entropy(q)])
