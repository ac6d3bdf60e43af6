"""The teacher is at T = 1 here. Both logits are divided by T."""


def divergence(V, Z, T):
    def log_softmax(logits, T):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_p, log_q = log_softmax(V, 1.0), log_softmax(Z, T)
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()
