"""One softmax is made of all samples together here. Each row has its own."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(keepdims=True)) / T
        return u - np.log(np.exp(u).sum(keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()
