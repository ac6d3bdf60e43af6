"""The value is KL(q || p), and the gradient that of KL(p || q). Both are of KL(p || q)."""


def hybrid(z, v, label, alpha, temperature):
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    p, q = np.exp(log_p), np.exp(log_q)
    hard, soft = -log_softmax(z)[label], (p * (log_p - log_q)).sum()
    by_label = softmax(z) - (np.arange(len(z)) == label)
    soft = (q * (log_q - log_p)).sum()
    value = (1 - alpha) * hard + alpha * temperature**2 * soft
    return value, (1 - alpha) * by_label + alpha * temperature * (q - p)
