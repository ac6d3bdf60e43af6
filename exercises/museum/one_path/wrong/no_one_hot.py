"""The labels' part of the gradient is s. From it 1 is taken away at the label."""


def hybrid(z, v, label, alpha, temperature):
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    p, q = np.exp(log_p), np.exp(log_q)
    hard, soft = -log_softmax(z)[label], (p * (log_p - log_q)).sum()
    value = (1 - alpha) * hard + alpha * temperature**2 * soft
    return value, (1 - alpha) * softmax(z) + alpha * temperature * (q - p)
