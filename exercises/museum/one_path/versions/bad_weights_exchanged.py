"""The labels have the weight alpha, and the teacher the rest. It is the other way round."""


def hybrid(z, v, label, alpha, temperature):
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    p, q = np.exp(log_p), np.exp(log_q)
    hard, soft = -log_softmax(z)[label], (p * (log_p - log_q)).sum()
    by_label = softmax(z) - (np.arange(len(z)) == label)
    value = alpha * hard + (1 - alpha) * temperature**2 * soft
    return value, alpha * by_label + (1 - alpha) * temperature * (q - p)
