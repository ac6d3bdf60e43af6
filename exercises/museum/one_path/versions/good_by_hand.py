"""With exponentials and logarithms of its own."""


def hybrid(z, v, label, alpha, temperature):
    def logs(logits):
        shifted = logits - np.max(logits)
        return shifted - np.log(np.sum(np.exp(shifted)))

    log_s, log_q, log_p = logs(z), logs(z / temperature), logs(v / temperature)
    p = np.exp(log_p)
    value = alpha * temperature * temperature * np.sum(p * log_p - p * log_q) - (1 - alpha) * log_s[label]
    gradient = (1 - alpha) * np.exp(log_s)
    gradient[label] -= 1 - alpha
    gradient += alpha * temperature * (np.exp(log_q) - p)
    return value, gradient
