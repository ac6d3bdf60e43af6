"""Only the teacher's largest class counts here. Its other classes speak too."""


def divergence(V, Z, T):
    def log_softmax(logits):
        u = (logits - logits.max(axis=1, keepdims=True)) / T
        return u - np.log(np.exp(u).sum(axis=1, keepdims=True))

    log_q = log_softmax(Z)
    return -np.take_along_axis(log_q, V.argmax(axis=1)[:, np.newaxis], axis=1).mean()
