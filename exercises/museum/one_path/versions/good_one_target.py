"""Sums over the classes, one number at a time."""


def hybrid(z, v, label, alpha, temperature):
    s, q, p = softmax(z), softmax(z, temperature), softmax(v, temperature)
    log_p, log_q = log_softmax(v, temperature), log_softmax(z, temperature)
    value, gradient = (alpha - 1) * log_softmax(z)[label], np.empty(len(z))
    for i in range(len(z)):
        value = value + alpha * temperature**2 * p[i] * (log_p[i] - log_q[i])
        gradient[i] = (1 - alpha) * (s[i] - (i == label)) + alpha * temperature * (q[i] - p[i])
    return value, gradient
