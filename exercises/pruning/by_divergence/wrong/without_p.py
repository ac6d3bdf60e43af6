"""The difference of the logarithms is not weighted by p here."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return (log_p - log_q).sum(axis=1).mean()
