"""The sign is turned round here. It is log p - log q, and a divergence is never below 0."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return (np.exp(log_p) * (log_q - log_p)).sum(axis=1).mean()
