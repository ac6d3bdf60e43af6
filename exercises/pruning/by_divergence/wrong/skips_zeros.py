"""Classes whose probability is 0 in a computer are left out here. If the teacher sees them, they count."""


def divergence(V, Z, T):
    def softmax(logits):
        e = np.exp((logits - logits.max(axis=1, keepdims=True)) / T)
        return e / e.sum(axis=1, keepdims=True)

    p, q = softmax(V), softmax(Z)
    both = (p > 0) & (q > 0)
    return np.where(both, p * np.log(np.where(both, p, 1) / np.where(both, q, 1)), 0.0).sum(axis=1).mean()
