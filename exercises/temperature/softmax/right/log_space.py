"""Everything through log p, with NumPy's logaddexp."""


def log_softmax(logits, temperature):
    u = (logits - np.max(logits, axis=-1, keepdims=True)) / temperature
    return u - np.logaddexp.reduce(u, axis=-1, keepdims=True)


def softmax_at(logits, temperature):
    return np.exp(log_softmax(logits, temperature))


def softmax_limits(logits):
    cold = np.where(logits == logits.max(axis=-1, keepdims=True), 0.0, -np.inf)
    hot = np.where(np.isneginf(logits), -np.inf, 0.0)
    return softmax_at(cold, 1.0), softmax_at(hot, 1.0)


def softmax_slope(logits, temperature):
    log_p = log_softmax(logits, temperature)
    p = np.exp(log_p)
    log_p = np.where(p > 0, log_p, 0)
    entropy = -(p * log_p).sum(axis=-1, keepdims=True)
    return -p * (log_p + entropy) / temperature
