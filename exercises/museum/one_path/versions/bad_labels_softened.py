"""The labels' loss is taken at the temperature T. They are compared at T = 1."""


def hybrid(z, v, label, alpha, temperature):
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    p, q = np.exp(log_p), np.exp(log_q)
    hard, soft = -log_softmax(z)[label], (p * (log_p - log_q)).sum()
    by_label = softmax(z) - (np.arange(len(z)) == label)
    hard, by_label = -log_q[label], (q - (np.arange(len(z)) == label)) / temperature
    value = (1 - alpha) * hard + alpha * temperature**2 * soft
    return value, (1 - alpha) * by_label + alpha * temperature * (q - p)
