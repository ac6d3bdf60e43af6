"""The largest logit is taken away here after the division, and is not divided itself. Divide all of it by T."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = logits / T - logits.max(axis=1, keepdims=True)
        return u - np.log(np.exp(logits / T).sum(axis=1, keepdims=True))

    log_p, log_q = log_softmax(V), log_softmax(Z)
    return (np.exp(log_p) * (log_p - log_q)).sum(axis=1).mean()
