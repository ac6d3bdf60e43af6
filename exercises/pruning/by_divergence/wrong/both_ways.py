"""The divergences of both directions are averaged here. Only the teacher stands in front."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return ((np.exp(log_p) - np.exp(log_q)) * (log_p - log_q)).sum(axis=1).mean() / 2
