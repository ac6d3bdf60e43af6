"""The logits are taken for logarithms of probabilities here: the sums that they are divided by are missing."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_p = log_softmax(V)
    return (np.exp(log_p) * (V / T - Z / T)).sum(axis=1).mean()
