"""A small probability becomes 0 here, and its logarithm is minus infinity. Compute log p without p."""


def divergence(V, Z, T):
    def softmax(logits):
        e = np.exp((logits - logits.max(axis=1, keepdims=True)) / T)
        return e / e.sum(axis=1, keepdims=True)

    p, q = softmax(V), softmax(Z)
    return (p * (np.log(p) - np.log(q))).sum(axis=1).mean()
