"""A small number keeps the probabilities away from 0 here. Where one is smaller, that is not right."""


def divergence(V, Z, T):
    def softmax(logits):
        e = np.exp((logits - logits.max(axis=1, keepdims=True)) / T)
        return e / e.sum(axis=1, keepdims=True)

    p, q = softmax(V), softmax(Z)
    return (p * (np.log(p + 1e-12) - np.log(q + 1e-12))).sum(axis=1).mean()
